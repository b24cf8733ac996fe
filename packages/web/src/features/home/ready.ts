import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { usePreference } from '../../core/session/index.ts';
import { kindsQuery, problemCountsQuery, sourcesQuery } from '../catalog/index.ts';
import { componentsQuery, needsQuery, ownerlessQuery, sinceQuery, useMine } from './api.ts';

/** Who waits longer sees what is there, and the rest as it comes. */
const patience = 1500;

/** Whether the answers are there that decide how high the widgets are: shown before, each would push away what stands below it. */
export function useReady(): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patience);
    return () => clearTimeout(timer);
  }, []);
  const { mine, error } = useMine();
  const { value: visit, ready } = usePreference('last-visit');
  const owners = mine && mine.owners.length > 0 ? mine.owners : undefined;
  const answers = [
    useQuery(kindsQuery),
    useQuery(sourcesQuery),
    useQuery(problemCountsQuery),
    useQuery(ownerlessQuery),
    useQuery({ ...needsQuery(owners), enabled: mine !== undefined }),
    useQuery({ ...sinceQuery(visit?.before?.cursor), enabled: ready }),
  ];
  const components = useQuery({ ...componentsQuery(owners ?? []), enabled: owners !== undefined });
  const known = mine !== undefined && ready && (owners === undefined || !components.isPending);
  return late || error !== null || (known && answers.every(({ isPending }) => !isPending));
}
