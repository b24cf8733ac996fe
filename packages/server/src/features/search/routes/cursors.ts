import { searchErrors } from '../errors.ts';

/** The place of a page, as Backstage writes it: its number, from 0. */
export const pageCursor = (page: number): string => Buffer.from(String(page), 'utf8').toString('base64');

/** @throws AppError SEARCH_CURSOR_INVALID */
export function readPageCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  if (!/^\d{1,6}$/.test(text)) throw searchErrors.cursorInvalid({ cursor: cursor.slice(0, 100) });
  return Number(text);
}
