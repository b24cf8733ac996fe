import { queryErrors } from '../query/errors.ts';
import { decodeBase64Json } from '../query/cursor.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isId = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Reads a small cursor of our own: an object with exactly the parts that `check` accepts. */
export function readCursor<T>(
  text: string,
  check: (value: Record<string, unknown>) => value is T & Record<string, unknown>,
): T {
  const value = decodeBase64Json(text);
  if (!isRecord(value) || !check(value))
    throw queryErrors.cursorInvalid({ reason: 'its parts are not those of a cursor of this list' });
  return value;
}

/** A place in a list that is sorted by id. */
export const idCursor = (id: number): string => encode({ id });

export const readIdCursor = (text: string): number =>
  readCursor(text, (value): value is { id: number } => isId(value['id']) && Object.keys(value).length === 1).id;

export type ProblemCursor = { rank: number; id: number };
export const problemCursor = ({ rank, id }: ProblemCursor): string => encode({ rank, id });
export const readProblemCursor = (text: string): ProblemCursor =>
  readCursor(
    text,
    (value): value is ProblemCursor => isId(value['id']) && isId(value['rank']) && Object.keys(value).length === 2,
  );

export type LocationCursor = { limit: number; afterId: string; query?: unknown };
export const locationCursor = (cursor: LocationCursor): string => encode(cursor);
export const readLocationCursor = (text: string): LocationCursor =>
  readCursor(
    text,
    (value): value is LocationCursor =>
      isId(value['limit']) &&
      value['limit'] >= 1 &&
      value['limit'] <= 10_000 &&
      typeof value['afterId'] === 'string' &&
      (value['query'] === undefined || isRecord(value['query'])) &&
      Object.keys(value).every((key) => ['limit', 'afterId', 'query'].includes(key)),
  );
