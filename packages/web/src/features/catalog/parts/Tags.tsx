import { AppLink } from '../../../core/ui/index.ts';
import classes from './Tags.module.css';

/** Tags, each a way to everything that has it; what has no room is counted. */
export function Tags({ tags, limit = Number.POSITIVE_INFINITY }: { tags: string[]; limit?: number }) {
  const rest = tags.slice(limit);
  return (
    <span className={classes.tags} data-line={Number.isFinite(limit)}>
      {tags.slice(0, limit).map((tag) => (
        <AppLink key={tag} to="/catalog" search={{ tag }} className={classes.tag}>
          {tag}
        </AppLink>
      ))}
      {rest.length > 0 ? (
        <span className={classes.rest} title={rest.join(', ')}>
          +{rest.length}
        </span>
      ) : null}
    </span>
  );
}
