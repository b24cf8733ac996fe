import type { DocsHeading } from '@callboard/model/http';
import { useEffect, useState } from 'react';
import classes from './Contents.module.css';

/** A heading counts as read from a little below the place where links bring it to. */
const below = () => Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) + 24;

/** The heading that is being read. */
function useReading(headings: DocsHeading[]): string | undefined {
  const [reading, setReading] = useState<string>();
  useEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      const line = below();
      let last: string | undefined;
      for (const { id } of headings) {
        const element = document.getElementById(id);
        if (element && element.getBoundingClientRect().top <= line) last = id;
      }
      const end = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
      if (end && window.scrollY > 0) last = headings.findLast(({ id }) => document.getElementById(id))?.id ?? last;
      setReading(last);
    };
    const later = () => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    later();
    window.addEventListener('scroll', later, { passive: true });
    window.addEventListener('resize', later, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', later);
      window.removeEventListener('resize', later);
    };
  }, [headings]);
  return reading;
}

/** The sections of the page, with the one that is being read. */
export function Contents({ headings, page }: { headings: DocsHeading[]; page: string }) {
  const listed = headings.filter(({ level, id }) => level > 1 && level < 5 && id !== '');
  const reading = useReading(headings);
  const top = Math.min(...listed.map(({ level }) => level));
  return (
    <nav aria-label="On this page" className={classes.contents}>
      <p className={classes.title}>On this page</p>
      <ul>
        {listed.map(({ level, id, text }, index) => (
          <li key={`${page} ${id} ${index}`} style={{ '--depth': level - top } as React.CSSProperties}>
            <a href={`#${encodeURIComponent(id)}`} aria-current={id === reading ? 'location' : undefined} title={text}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
