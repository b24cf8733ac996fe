import type { LogView } from '@callboard/model/plugins';
import classes from './views.module.css';

/** Lines of text with a time and a level. Lines out of sight are not laid out. */
export function Log({ view }: { view: LogView }) {
  if (view.lines.length === 0) return <p className={classes.note}>The log is empty.</p>;
  return (
    // A region that scrolls must be reachable by the keyboard.
    <div className={classes.log} tabIndex={0} role="group" aria-label={view.title ?? 'Log'}>
      {view.lines.map(({ text, at, level }, index) => (
        <div key={index} className={classes.logLine} data-level={level}>
          {at ? <time dateTime={at}>{at.slice(11, 19) || at}</time> : null}
          {level && level !== 'info' ? <span className={classes.level}>{level}</span> : null}
          <span>{text}</span>
        </div>
      ))}
    </div>
  );
}
