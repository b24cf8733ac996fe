import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { May, useRecent } from '../../../core/session/index.ts';
import { AppLink, count, grouped, Spoken } from '../../../core/ui/index.ts';
import { kindsQuery, problemCountsQuery, sourcesQuery } from '../../catalog/index.ts';
import { ownerlessQuery, useMine } from '../api.ts';
import { ChooseTeams } from '../parts/ChooseTeams.tsx';
import { Widget } from '../parts/Widget.tsx';
import classes from './Start.module.css';

type Step = { id: string; done: boolean; title: string; text: ReactNode };

/** The company that comes with the portal, which shows it before anything of one's own is there. */
const isExample = (target: string) => /[/\\]examples[/\\]company$/.test(target);

/** What a fresh portal still needs. Each line ticks itself from the state of the portal; nobody ticks it by hand. */
export function useSteps(): Step[] | undefined {
  const sources = useQuery(sourcesQuery).data?.items;
  const kinds = useQuery(kindsQuery).data?.items;
  const problems = useQuery(problemCountsQuery).data?.counts;
  const owners = useQuery(ownerlessQuery).data;
  const { items: recent, ready } = useRecent();
  const { mine, principal } = useMine();
  if (!sources || !kinds || !problems || !owners || !ready || !mine || !principal) return undefined;
  const own = sources.filter(({ target, origin }) => origin !== 'generated' && !isExample(target));
  const total = kinds.reduce((sum, kind) => sum + kind.count, 0);
  const templates = kinds.find(({ kind }) => kind === 'Template')?.count ?? 0;
  return [
    {
      id: 'source',
      done: own.length > 0,
      title: 'Connect a source of your own',
      text:
        own.length > 0 ? (
          <AppLink to="/admin/sources">{count(own.length, 'source')}</AppLink>
        ) : (
          <>
            What you see is the example company.{' '}
            <May permission="catalog.location.create">
              <AppLink to="/catalog-import">Register a repository or address</AppLink>
            </May>
          </>
        ),
    },
    {
      id: 'look',
      done: recent.length > 0,
      title: 'See what was found',
      text: (
        <AppLink to="/catalog" search={{ kind: 'all' }}>
          Look through {grouped(total)} in the catalog
        </AppLink>
      ),
    },
    {
      id: 'errors',
      done: problems.error === 0,
      title: 'Repair the descriptors with errors',
      text:
        problems.error === 0 ? (
          'None has one'
        ) : (
          <AppLink to="/problems" search={{ severity: 'error' }}>
            {count(problems.error, 'error')}
          </AppLink>
        ),
    },
    {
      id: 'owners',
      done: owners.all > 0 && owners.without === 0,
      title: 'Say who owns what',
      text:
        owners.all === 0
          ? 'No component, API, resource or system yet'
          : owners.without === 0
            ? owners.all === 1
              ? 'The only one has an owner'
              : `All ${grouped(owners.all)} have an owner`
            : `${grouped(owners.without)} of ${grouped(owners.all)} have no owner`,
    },
    {
      id: 'teams',
      done: mine.teams.length > 0,
      title: 'Choose your teams',
      text: mine.teams.length > 0 ? count(mine.teams.length, 'team') : <ChooseTeams compact />,
    },
    {
      id: 'invite',
      done: principal.kind !== 'local-administrator',
      title: 'Invite your team',
      text:
        principal.kind === 'local-administrator'
          ? 'Only this computer reaches the portal until server.host says otherwise'
          : 'Others can reach the portal',
    },
    {
      id: 'template',
      done: templates > 0,
      title: 'Write your first template',
      text:
        templates > 0 ? (
          <AppLink to="/catalog" search={{ kind: 'template' }}>
            {count(templates, 'template')}
          </AppLink>
        ) : (
          'A descriptor of kind Template, beside your other ones'
        ),
    },
  ];
}

/** The list for a fresh portal; gone once everything on it is done. */
export function Start() {
  const steps = useSteps();
  // Its place is kept while the answers come.
  if (!steps) return <div className={classes.room} />;
  const done = steps.filter((step) => step.done).length;
  if (done === steps.length) return null;
  return (
    <Widget title="Get started" figure={`${done} of ${steps.length}`}>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step.id} className={classes.step} data-done={step.done}>
            {step.done ? (
              <IconCircleCheckFilled size="1.125rem" aria-hidden />
            ) : (
              <IconCircle size="1.125rem" aria-hidden />
            )}
            <span className={classes.title}>
              {step.title}
              <Spoken>{step.done ? ' (done)' : ' (to do)'}</Spoken>
            </span>
            <span className={classes.text}>{step.text}</span>
          </li>
        ))}
      </ol>
    </Widget>
  );
}
