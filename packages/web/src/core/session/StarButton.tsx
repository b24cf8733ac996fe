import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { useStarred } from './personal.ts';
import classes from './StarButton.module.css';

type StarProps = { name: string; starred: boolean; toggle: () => void; size?: string };

/** The star of an entity, for lists that know of all their stars at once. */
export function Star({ name, starred, toggle, size = '1rem' }: StarProps) {
  const Icon = starred ? IconStarFilled : IconStar;
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
      <Icon size={size} stroke={1.6} aria-hidden />
    </button>
  );
}

/** Stars an entity or takes the star away. The key `s` presses the one of the row or page in focus. */
export function StarButton({ entityRef, name, size = '1rem' }: { entityRef: string; name: string; size?: string }) {
  const { refs, toggle } = useStarred();
  return <Star name={name} starred={refs.includes(entityRef)} toggle={() => toggle(entityRef)} size={size} />;
}
