import type { StagedPlugin } from '@callboard/model/http';
import { reachOf } from '@callboard/model/plugins/rules';
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

/** What a plugin can do by what it adds: to be known, as it cannot be granted in part. */
export function Reach({ id, contributes }: { id: string; contributes: StagedPlugin['contributes'] }) {
  const reach = reachOf(id, contributes);
  if (reach.length === 0) return null;
  return (
    <>
      <h3>By what it adds, it also</h3>
      <ul className={classes.adds}>
        {reach.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}
