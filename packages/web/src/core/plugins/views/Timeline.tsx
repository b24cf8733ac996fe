import type { TimelineView } from '@callboard/model/plugins';
import { useState } from 'react';
import { RelativeTime, Status } from '../../ui/index.ts';
import { Anchor } from './Anchor.tsx';
import { levelOf } from './words.ts';
import classes from './views.module.css';

const shownFirst = 20;

/** What happened, newest first. */
export function Timeline({ view }: { view: TimelineView }) {
  const [all, setAll] = useState(false);
  if (view.items.length === 0) return <p className={classes.note}>Nothing has happened.</p>;
  const items = all ? view.items : view.items.slice(0, shownFirst);
  return (
    <>
      <ol className={classes.timeline}>
        {items.map(({ at, title, detail, href, tone }, index) => (
          <li key={index}>
            <span className={classes.when}>
              <RelativeTime at={at} />
            </span>
            <span className={classes.what}>
              <Anchor href={href}>{tone ? <Status level={levelOf(tone, title)} label={title} /> : title}</Anchor>
              {detail ? <span className={classes.detail}>{detail}</span> : null}
            </span>
          </li>
        ))}
      </ol>
      {items.length < view.items.length ? (
        <button type="button" className={classes.more} onClick={() => setAll(true)}>
          Show all {view.items.length}
        </button>
      ) : null}
    </>
  );
}
