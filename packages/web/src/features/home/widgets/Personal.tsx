import { useRecent, useSavedViews, useStarred } from '../../../core/session/index.ts';
import { AppLink, RelativeTime, SkeletonRows, Truncated } from '../../../core/ui/index.ts';
import { EntityLink } from '../../catalog/index.ts';
import { StarButton } from '../../../core/session/index.ts';
import classes from '../parts/List.module.css';
import { Nothing, Widget } from '../parts/Widget.tsx';

const shown = 8;

/** What has a star, newest first. */
export function Starred() {
  const { refs, ready } = useStarred();
  return (
    <Widget title="Starred" figure={refs.length > shown ? String(refs.length) : undefined}>
      {!ready ? (
        <SkeletonRows rows={2} label="Loading your stars" />
      ) : refs.length === 0 ? (
        <Nothing>Press s on an entity, or its ☆, to have it here and in the navigation.</Nothing>
      ) : (
        <ul>
          {refs.slice(0, shown).map((ref) => (
            <li key={ref} className={classes.row}>
              <StarButton entityRef={ref} name={ref} size="0.875rem" />
              <span className={classes.name}>
                <EntityLink entityRef={ref} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Widget>
  );
}

/** What was opened lately. */
export function Recent() {
  const { items, ready } = useRecent();
  return (
    <Widget title="Recently opened">
      {!ready ? (
        <SkeletonRows rows={4} label="Loading what you opened" />
      ) : items.length === 0 ? (
        <Nothing>What you open shows up here, on every computer you use.</Nothing>
      ) : (
        <ul>
          {items.slice(0, shown).map(({ path, title, entityRef, at }) => (
            <li key={path} className={classes.row}>
              <span className={classes.name}>
                {entityRef ? (
                  <EntityLink entityRef={entityRef} />
                ) : (
                  <AppLink to={path}>
                    <Truncated text={title} />
                  </AppLink>
                )}
              </span>
              <span className={classes.end}>
                <RelativeTime at={at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Widget>
  );
}

/** Lists that were saved with their filters. */
export function Views() {
  const { views, ready, remove } = useSavedViews();
  return (
    <Widget title="Saved views">
      {ready && views.length === 0 ? (
        <Nothing>Filter a list, then choose “Save this view…” among the actions (press .).</Nothing>
      ) : (
        <ul>
          {views.map(({ id, name, path }) => (
            <li key={id} className={classes.row}>
              <span className={classes.name}>
                <a href={path}>
                  <Truncated text={name} />
                </a>
              </span>
              <button
                type="button"
                className={`${classes.plain} ${classes.end}`}
                aria-label={`Remove the view ${name}`}
                onClick={() => remove(id)}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
    </Widget>
  );
}
