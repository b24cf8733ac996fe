import { Link } from '@tanstack/react-router';
import classes from './Tags.module.css';

/** Tags, each a way to everything that has it; what has no room is counted. */
export function Tags({ tags, limit = Number.POSITIVE_INFINITY }: { tags: string[]; limit?: number }) {
  const rest = tags.slice(limit);
  return (
    <span className={classes.tags}>
      {tags.slice(0, limit).map((tag) => (
        <Link key={tag} to="/catalog" search={{ tag }} className={classes.tag} activeProps={{}}>
          {tag}
        </Link>
      ))}
      {rest.length > 0 ? (
        <span className={classes.rest} title={rest.join(', ')}>
          +{rest.length}
        </span>
      ) : null}
    </span>
  );
}
