import { IconStar, IconUsersGroup } from '@tabler/icons-react';
import { useRouterState } from '@tanstack/react-router';
import { useStarred } from '../../../core/session/index.ts';
import { AppLink, Truncated } from '../../../core/ui/index.ts';
import { nameOf, readRef, shortRef, useBrief } from '../../catalog/index.ts';
import { useMine } from '../api.ts';
import classes from './RailSections.module.css';

const shown = 6;

/** The teams of this person and what they have starred: two clicks become one. */
export function RailSections() {
  const { mine } = useMine();
  const { refs } = useStarred();
  return (
    <>
      <Refs title="My teams" refs={mine?.teams ?? []} />
      <Refs title="Starred" refs={refs} />
    </>
  );
}

function Refs({ title, refs }: { title: string; refs: string[] }) {
  if (refs.length === 0) return null;
  const Icon = title === 'Starred' ? IconStar : IconUsersGroup;
  return (
    <section aria-label={title}>
      <h2 className={classes.title}>
        <Icon size="0.875rem" stroke={1.6} aria-hidden /> {title}
      </h2>
      <ul>
        {refs.slice(0, shown).map((ref) => (
          <Line key={ref} entityRef={ref} />
        ))}
        {refs.length > shown ? (
          <li>
            <AppLink to="/" className={`${classes.line} ${classes.more}`}>
              {refs.length - shown} more
            </AppLink>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

function Line({ entityRef }: { entityRef: string }) {
  const { data } = useBrief(entityRef);
  const ref = readRef(entityRef, undefined, 'default');
  const path = ref ? `/catalog/${ref.namespace}/${ref.kind}/${ref.name}` : '/catalog';
  const here = useRouterState({ select: ({ location }) => location.pathname.toLowerCase().startsWith(path) });
  return (
    <li>
      <AppLink to={path} className={classes.line} current={here ? 'page' : undefined}>
        <Truncated text={data ? nameOf(data) : ref ? shortRef(ref) : entityRef} />
      </AppLink>
    </li>
  );
}
