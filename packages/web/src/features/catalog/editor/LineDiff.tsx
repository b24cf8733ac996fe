import { Fragment } from 'react';
import { Spoken } from '../../../core/ui/index.ts';
import { diffLines, hunksOf } from './lines.ts';
import classes from './LineDiff.module.css';

const words = { same: '', removed: 'Removed: ', added: 'Added: ' };
const marks = { same: ' ', removed: '−', added: '+' };

/** Two texts compared line by line; what is equal is left out but for a few lines around. */
export function LineDiff({ before, after, label }: { before: string; after: string; label: string }) {
  const hunks = hunksOf(diffLines(before, after), 2);
  if (hunks.length === 0) return <p className={classes.same}>No line differs.</p>;
  return (
    // A region that scrolls must be reachable by the keyboard.
    <pre className={classes.diff} tabIndex={0} role="region" aria-label={label}>
      <code>
        {hunks.map((hunk, index) => (
          <Fragment key={index}>
            {index > 0 ? <span className={classes.gap}>⋯{'\n'}</span> : null}
            {hunk.map((line) => (
              <span key={`${line.before ?? ''}:${line.after ?? ''}`} className={classes.line} data-kind={line.kind}>
                <span className={classes.number} aria-hidden="true">
                  {line.after ?? line.before}
                </span>
                <span aria-hidden="true">{marks[line.kind]} </span>
                <Spoken>{words[line.kind]}</Spoken>
                {line.text}
                {'\n'}
              </span>
            ))}
          </Fragment>
        ))}
      </code>
    </pre>
  );
}
