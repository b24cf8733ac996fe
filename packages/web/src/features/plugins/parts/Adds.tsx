import type { StagedPlugin } from '@callboard/model/http';
import { addedBy } from '../words.ts';
import classes from '../plugins.module.css';

/** What a plugin adds to the portal, in words. */
export function Adds({ contributes }: { contributes: StagedPlugin['contributes'] }) {
  const added = addedBy(contributes);
  if (added.length === 0) return <p className={classes.second}>It adds nothing.</p>;
  return (
    <ul className={classes.adds}>
      {added.map(({ what, titles }) => (
        <li key={what}>
          {what}: <span className={classes.second}>{titles.join(', ')}</span>
        </li>
      ))}
    </ul>
  );
}
