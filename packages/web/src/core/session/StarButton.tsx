import { useStarred } from './personal.ts';
import classes from './StarButton.module.css';

const star = 'm12 17.75-6.172 3.245 1.179-6.873-5-4.867 6.9-1L11.994 2l3.086 6.253 6.9 1-5 4.867 1.179 6.873z';

type StarProps = { name: string; starred: boolean; toggle: () => void; size?: string };

/** The star of an entity, for lists that know of all their stars at once. */
export function Star({ name, starred, toggle, size = '1rem' }: StarProps) {
  return (
    <button
      type="button"
      className={classes.star}
      data-shortcut="star"
      aria-pressed={starred}
      aria-label={`Star ${name}`}
      title={starred ? 'Remove the star (s)' : 'Star (s)'}
      onClick={toggle}
    >
      {/* Drawn here, with its colours in the style sheet: lists have hundreds. */}
      <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
        <path d={star} />
      </svg>
    </button>
  );
}

/** Stars an entity or takes the star away. The key `s` presses the one of the row or page in focus. */
export function StarButton({ entityRef, name, size = '1rem' }: { entityRef: string; name: string; size?: string }) {
  const { refs, toggle } = useStarred();
  return <Star name={name} starred={refs.includes(entityRef)} toggle={() => toggle(entityRef)} size={size} />;
}
