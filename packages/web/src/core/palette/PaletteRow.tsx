import { Fragment } from 'react';
import { marksOf } from './match.ts';
import classes from './Palette.module.css';
import type { PaletteItem } from './types.ts';

/** Text with what was typed marked in it. */
function Marked({ text, query }: { text: string; query: string }) {
  const marks = marksOf(text, query);
  return (
    <>
      {marks.map(([start, end], index) => (
        <Fragment key={start}>
          {text.slice(marks[index - 1]?.[1] ?? 0, start)}
          <mark>{text.slice(start, end)}</mark>
        </Fragment>
      ))}
      {text.slice(marks.at(-1)?.[1] ?? 0)}
    </>
  );
}

type PaletteRowProps = {
  id: string;
  item: PaletteItem;
  query: string;
  active: boolean;
};

/** One line: icon, name with the match marked, type, owner, and a grey line of context. */
export function PaletteRow({ id, item, query, active }: PaletteRowProps) {
  return (
    <div id={id} role="option" aria-selected={active} className={classes.row} data-line={item.id}>
      <span className={classes.icon}>{item.icon}</span>
      <span className={classes.text}>
        <span className={classes.label}>
          {item.pieces ? (
            item.pieces.map((piece, index) => (
              <Fragment key={index}>{piece.marked ? <mark>{piece.text}</mark> : piece.text}</Fragment>
            ))
          ) : (
            <Marked text={item.label} query={query} />
          )}
        </span>
        {item.detail ? <span className={classes.detail}>{item.detail}</span> : null}
      </span>
      <span className={classes.facts}>
        {item.type ? <span>{item.type}</span> : null}
        {item.owner ? <span className={classes.owner}>{item.owner}</span> : null}
      </span>
    </div>
  );
}
