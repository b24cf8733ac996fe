import type { DocsNote, DocsPageResponse, DocsSiteResponse } from '@callboard/model/http';
import { count, RelativeTime, Status } from '../../../core/ui/index.ts';
import classes from './PageNotes.module.css';

const levels = { error: 'failing', warning: 'warning', information: 'unknown' } as const;

/** Notes one under the other: what, where, what to do. */
export function NoteList({ notes, hrefOf }: { notes: DocsNote[]; hrefOf?: (note: DocsNote) => string | undefined }) {
  return (
    <ul className={classes.list}>
      {notes.map((note, index) => {
        const href = hrefOf?.(note);
        const place = note.file === undefined ? '' : `${note.file}${note.line === undefined ? '' : `:${note.line}`}`;
        return (
          <li key={`${note.code} ${place} ${index}`}>
            <Status level={levels[note.severity]} label={note.message} isSentence />
            <p className={classes.more}>
              {place ? href ? <a href={href}>{place}</a> : <code>{place}</code> : null} <span>{note.fix}</span>
            </p>
          </li>
        );
      })}
    </ul>
  );
}

/** What the owner of the page should know: the page is shown all the same. */
export function PageNotes({ page, site }: { page: DocsPageResponse; site: DocsSiteResponse }) {
  const here = new Set(page.notes.map(({ code, line }) => `${code} ${line}`));
  const ofSite = site.notes.filter(
    (note) =>
      (note.file !== undefined && note.file.endsWith(`/${page.file}`) && !here.has(`${note.code} ${note.line}`)) ||
      (page.path === site.startPath && note.severity !== 'information' && !/\.(?:md|markdown)$/i.test(note.file ?? '')),
  );
  const notes = [...page.notes, ...ofSite];
  return (
    <>
      {page.stale ? (
        <p className={classes.stale} role="note">
          <Status level="warning" label="May be out of date" />{' '}
          <span>
            Nobody has touched this page for {count(page.stale.months, 'month')}; the code beside it changed{' '}
            <RelativeTime at={page.stale.codeChangedAt} />.
          </span>
        </p>
      ) : null}
      {notes.length > 0 ? (
        <details className={classes.notes} open={notes.some(({ severity }) => severity === 'error')}>
          <summary>
            {notes.some(({ severity }) => severity !== 'information') ? (
              <Status level="warning" label={`${count(notes.length, 'note')} for the owner of this page`} />
            ) : (
              `${count(notes.length, 'note')} for the owner of this page`
            )}
          </summary>
          <NoteList notes={notes} />
        </details>
      ) : null}
    </>
  );
}
