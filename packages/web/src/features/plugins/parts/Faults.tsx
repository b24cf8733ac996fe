import type { StagedPlugin } from '@callboard/model/http';
import classes from '../plugins.module.css';

/** A list of faults with what to do about each. */
export function Faults({ faults, label }: { faults: StagedPlugin['faults']; label: string }) {
  return (
    <ul className={classes.faults} aria-label={label}>
      {faults.map(({ path, message, fix }, index) => (
        <li key={index}>
          {path ? <code>{path}</code> : null} {message} <span className={classes.second}>{fix}</span>
        </li>
      ))}
    </ul>
  );
}
