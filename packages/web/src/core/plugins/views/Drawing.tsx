import type { ViewModel } from '@callboard/model/plugins';
import type { ComponentType } from 'react';
import { RelativeTime } from '../../ui/index.ts';
import { Actions } from './Actions.tsx';
import { Chart } from './Chart.tsx';
import { Links } from './Links.tsx';
import { Log } from './Log.tsx';
import { Markdown } from './Markdown.tsx';
import { Stat } from './Stat.tsx';
import { Table } from './Table.tsx';
import { Timeline } from './Timeline.tsx';
import classes from './views.module.css';

const drawings = {
  table: Table,
  stat: Stat,
  timeline: Timeline,
  chart: Chart,
  log: Log,
  markdown: Markdown,
  links: Links,
} as Record<ViewModel['model'], ComponentType<{ view: never }>>;

const aMinute = 60_000;

/** A view model as the portal draws it, with its title and what it says about itself; its age where that is not the same as when it was asked. */
export function Drawing({ view, askedAt }: { view: ViewModel; askedAt?: string }) {
  const Content = drawings[view.model];
  const isOlder =
    view.asOf !== undefined && !(askedAt && Math.abs(Date.parse(askedAt) - Date.parse(view.asOf)) < aMinute);
  return (
    <>
      {view.title ? <h3 className={classes.title}>{view.title}</h3> : null}
      <Content view={view as never} />
      <Actions actions={view.actions} />
      {view.note ? <p className={classes.note}>{view.note}</p> : null}
      {isOlder ? (
        <p className={classes.note}>
          As of <RelativeTime at={view.asOf!} />
        </p>
      ) : null}
    </>
  );
}
