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

/** A view model as the portal draws it, with its title and what it says about itself. */
export function Drawing({ view }: { view: ViewModel }) {
  const Content = drawings[view.model];
  return (
    <>
      {view.title ? <h3 className={classes.title}>{view.title}</h3> : null}
      <Content view={view as never} />
      <Actions actions={view.actions} />
      {view.note ? <p className={classes.note}>{view.note}</p> : null}
      {view.asOf ? (
        <p className={classes.note}>
          As of <RelativeTime at={view.asOf} />
        </p>
      ) : null}
    </>
  );
}
