import { splitMiddle } from './text.ts';
import classes from './Truncated.module.css';

/** A name on one line: where room ends, its middle goes, because long names differ at their end. Whole on hover and when copied. */
export function Truncated({ text }: { text: string }) {
  const [start, end] = splitMiddle(text);
  if (end === '')
    return (
      <span className={classes.whole} title={text}>
        {text}
      </span>
    );
  return (
    <span className={classes.truncated} title={text}>
      <span className={classes.start}>{start}</span>
      <span className={classes.end}>{end}</span>
    </span>
  );
}
