import { useQueryClient } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useFeatures } from '../router/index.ts';
import { useRecent, useSavedViews } from '../session/index.ts';
import { arrange, fitting, readTyped, type Group } from './arrange.ts';
import { icon } from './icon.ts';
import { useShellActions } from './shell-actions.ts';
import type { PaletteContribution, PaletteItem, PalettePlace, PaletteQuestion } from './types.ts';

const recentShown = 7;
const actionsShown = 6;

type Answer = { question: string; items: PaletteItem[]; error?: Error };

/** What the features contribute, once their code is there. */
function useContributions(): PaletteContribution[] | undefined {
  const features = useFeatures();
  const [contributions, setContributions] = useState<PaletteContribution[]>();
  useEffect(() => {
    let gone = false;
    const wanted = features.flatMap((feature) => (feature.palette ? [feature.palette()] : []));
    void Promise.all(wanted).then((all) => gone || setContributions(all));
    return () => void (gone = true);
  }, [features]);
  return contributions;
}

function usePlace(about: string | undefined): PalettePlace {
  const client = useQueryClient();
  const { pathname, href } = useRouterState({ select: (state) => state.location });
  return useMemo(
    () =>
      about === undefined ? { pathname, href, client } : { pathname: about.split(/[?#]/)[0]!, href: about, client },
    [about, pathname, href, client],
  );
}

/** Asks the results for what is typed. The last answer stays until the next one is there, so that nothing flickers or jumps. */
function useAnswer(
  question: PaletteQuestion,
  place: PalettePlace,
  contributions: PaletteContribution[] | undefined,
): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>();
  const { scope, text, group } = question;
  useEffect(() => {
    const provider = contributions?.findLast(({ results }) => results);
    if (!provider?.results || (text === '' && scope === 'all' && group === undefined)) return;
    const abort = new AbortController();
    const key = JSON.stringify({ scope, text, group });
    provider.results({ scope, text, group }, place, abort.signal).then(
      (items) => abort.signal.aborted || setAnswer({ question: key, items }),
      (error: unknown) => abort.signal.aborted || setAnswer({ question: key, items: [], error: error as Error }),
    );
    return () => abort.abort();
  }, [scope, text, group, place, contributions]);
  return answer;
}

function useOwnLines(place: PalettePlace, contributions: PaletteContribution[] | undefined) {
  const features = useFeatures();
  const { items: recent } = useRecent();
  const { views } = useSavedViews();
  const shellActions = useShellActions(place);
  return useMemo(() => {
    const all = contributions ?? [];
    const recents = recent
      .filter(({ path }) => path !== place.pathname)
      .map((item): PaletteItem => {
        const look = all.map(({ present }) => present?.(item, place)).find(Boolean);
        return { id: item.entityRef ?? item.path, label: item.title, group: 'Recent', to: item.path, ...look };
      });
    const pages = features
      .flatMap(({ navigation }) => navigation)
      .map(({ label, to, icon: glyph }): PaletteItem => ({
        id: `page ${to}`,
        label,
        group: 'Pages',
        to,
        icon: icon(glyph),
      }));
    const saved = views.map((view): PaletteItem => ({
      id: `view ${view.id}`,
      label: view.name,
      group: 'Saved views',
      to: view.path,
      detail: view.path,
    }));
    const actions = [...all.flatMap(({ actions: make }) => make?.(place) ?? []), ...shellActions];
    return { recents, pages, saved, actions };
  }, [features, recent, views, place, contributions, shellActions]);
}

export type PaletteLines = {
  groups: Group[];
  /** The results could not be had; pages and actions are still there. */
  error: Error | undefined;
  /** What is shown answers an earlier question. */
  pending: boolean;
  answered: boolean;
};

/** The lines for what stands in the field, arranged. */
export function usePaletteLines(value: string, group: string | undefined, about: string | undefined): PaletteLines {
  const typed = readTyped(value);
  const place = usePlace(about);
  const contributions = useContributions();
  const isAction = typed.scope === 'actions' || group === 'Actions';
  const question: PaletteQuestion = {
    text: isAction ? '' : typed.text,
    scope: typed.scope === 'actions' ? 'all' : typed.scope,
    group: isAction ? undefined : group,
  };
  const answer = useAnswer(question, place, contributions);
  const own = useOwnLines(place, contributions);
  const [settled, setSettled] = useState<Group[]>();

  const key = JSON.stringify({ scope: question.scope, text: question.text, group: question.group });
  const needsAnswer =
    !isAction && (typed.text !== '' || typed.scope !== 'all' || (group !== undefined && !ownGroups.has(group)));
  const fresh = contributions !== undefined && (!needsAnswer || answer?.question === key);

  const groups = useMemo(() => {
    if (!fresh) return undefined;
    const { text, scope } = readTyped(value);
    if (scope === 'actions') return arrange(fitting(own.actions, text), { text, group: undefined });
    if (!needsAnswer && group === undefined)
      return [
        { title: 'Recent', items: own.recents.slice(0, recentShown), more: 0 },
        { title: 'Actions', items: own.actions.slice(0, actionsShown), more: own.actions.length - actionsShown },
        { title: 'Saved views', items: own.saved, more: 0 },
        { title: 'Pages', items: own.pages, more: 0 },
      ].filter(({ items }) => items.length > 0);
    const found = answer?.question === key ? answer.items : [];
    if (scope !== 'all') return arrange(found, { text, group });
    // What was opened lately is likelier meant than its equals.
    const lately = new Set(own.recents.map(({ id }) => id));
    const results = found.map((item) => (lately.has(item.id) ? { ...item, score: (item.score ?? 0) + 0.05 } : item));
    const ours = [...own.pages, ...own.saved, ...own.actions, ...(group === 'Recent' ? own.recents : [])];
    return arrange([...results, ...fitting(ours, text)], { text, group });
  }, [fresh, value, group, needsAnswer, own, answer, key]);

  if (groups && settled !== groups) setSettled(groups);
  return {
    groups: groups ?? settled ?? [],
    error: fresh && needsAnswer ? answer?.error : undefined,
    pending: groups === undefined && contributions !== undefined,
    answered: groups !== undefined,
  };
}

/** Groups whose lines are here already. */
const ownGroups = new Set(['Recent', 'Actions', 'Saved views', 'Pages']);
