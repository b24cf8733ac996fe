import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { useStarred } from './personal.ts';
import classes from './StarButton.module.css';

/** Stars an entity or takes the star away. The key `s` presses the one of the row or page in focus. */
export function StarButton({ entityRef, name, size = '1rem' }: { entityRef: string; name: string; size?: string }) {
  const { refs, toggle } = useStarred();
  const starred = refs.includes(entityRef);
  const Star = starred ? IconStarFilled : IconStar;
  return (
    <button
      type="button"
      className={classes.star}
      data-shortcut="star"
      aria-pressed={starred}
      aria-label={`Star ${name}`}
      title={starred ? 'Remove the star (s)' : 'Star (s)'}
      onClick={() => toggle(entityRef)}
    >
      <Star size={size} stroke={1.6} aria-hidden />
    </button>
  );
}
