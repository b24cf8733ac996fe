import { useQueryClient } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { shownNavigation, useFeatures } from '../router/index.ts';
import { useMayAll, useRecent, useSavedViews } from '../session/index.ts';
import { arrange, fitting, readTyped, type Group } from './arrange.ts';
import { icon } from './icon.ts';
import { useShellActions } from './shell-actions.ts';
import type { PaletteContribution, PaletteItem, PalettePlace, PaletteQuestion } from './types.ts';

const recentShown = 7;
const actionsShown = 6;
/** While the index still takes things in, the same is asked again. */
const askAgainMs = 700;
const mostTimes = 60;
/** Scores up to here say nothing of the name. */
const guessed = 0.35;

type Answer = { question: string; value: string; group: string | undefined; items: PaletteItem[]; error?: Error };
type OwnLines = Record<'recents' | 'pages' | 'saved' | 'actions', PaletteItem[]>;

/** What the features contribute, once their code is there. */
function useContributions(): PaletteContribution[] | undefined {
  const features = useFeatures();
  const [contributions, setContributions] = useState<PaletteContribution[]>();
  useEffect(() => {
    let gone = false;
    const wanted = features.flatMap((feature) => (feature.palette ? [feature.palette()] : []));
    // Without the code of one feature the palette still has the lines of the others.
    void Promise.allSettled(wanted).then(
      (all) => gone || setContributions(all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))),
    );
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
  value: string,
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
    const { results: answersOf } = provider;
    let again: ReturnType<typeof setTimeout> | undefined;
    const ask = (time: number) => {
      answersOf({ scope, text, group }, place, abort.signal).then(
        ({ items, incomplete }) => {
          if (abort.signal.aborted) return;
          setAnswer({ question: key, value, group, items });
          if (incomplete && time < mostTimes) again = setTimeout(() => ask(time + 1), askAgainMs);
        },
        (error: unknown) =>
          abort.signal.aborted || setAnswer({ question: key, value, group, items: [], error: error as Error }),
      );
    };
    ask(1);
    return () => {
      abort.abort();
      clearTimeout(again);
    };
  }, [value, scope, text, group, place, contributions]);
  return answer;
}

function useOwnLines(place: PalettePlace, contributions: PaletteContribution[] | undefined): OwnLines {
  const features = useFeatures();
  const { items: recent } = useRecent();
  const { views } = useSavedViews();
  const shellActions = useShellActions(place);
  const may = useMayAll();
  return useMemo(() => {
    const all = contributions ?? [];
    const recents = recent
      .filter(({ path }) => path !== place.pathname)
      .map((item): PaletteItem => {
        const look = all.map(({ present }) => present?.(item, place)).find(Boolean);
        return { id: item.entityRef ?? item.path, label: item.title, group: 'Recent', to: item.path, ...look };
      });
    const pages = shownNavigation(
      features.flatMap(({ navigation }) => navigation),
      features.flatMap(({ adminPages = [] }) => adminPages),
      may,
    ).map(({ label, to, icon: glyph }): PaletteItem => ({
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
    const actions = [...all.flatMap(({ actions: make }) => make?.(place) ?? []), ...shellActions].filter(
      ({ permission }) => may(permission),
    );
    return { recents, pages, saved, actions };
  }, [features, recent, views, place, contributions, shellActions, may]);
}

export type PaletteLines = {
  groups: Group[];
  /** The results could not be had; pages and actions are still there. */
  error: Error | undefined;
  /** False while what is shown answers an earlier question. */
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
  const answer = useAnswer(value, question, place, contributions);
  const own = useOwnLines(place, contributions);
  const key = JSON.stringify({ scope: question.scope, text: question.text, group: question.group });
  const needsAnswer =
    !isAction && (typed.text !== '' || typed.scope !== 'all' || (group !== undefined && !ownGroups.has(group)));
  const fresh = contributions !== undefined && (!needsAnswer || answer?.question === key);

  // Until an answer is there, what it will replace stays.
  const settled = fresh
    ? { value, group, items: needsAnswer ? answer!.items : noItems }
    : { value: answer?.value ?? '', group: answer?.group, items: answer?.items ?? noItems };
  const groups = useMemo(
    () => (contributions ? groupsOf(settled.value, settled.group, settled.items, own) : []),
    [contributions, settled.value, settled.group, settled.items, own],
  );
  return { groups, error: fresh && needsAnswer ? answer?.error : undefined, answered: fresh };
}

const noItems: PaletteItem[] = [];

function groupsOf(value: string, group: string | undefined, found: PaletteItem[], own: OwnLines): Group[] {
  const { text, scope } = readTyped(value);
  if (scope === 'actions') return arrange(fitting(own.actions, text), { text, group: 'Actions' });
  if (scope !== 'all') return arrange(found, { text, group });
  if (text === '' && group === undefined)
    return [
      { title: 'Recent', items: own.recents.slice(0, recentShown), more: 0 },
      {
        title: 'Actions',
        items: own.actions.slice(0, actionsShown),
        more: Math.max(0, own.actions.length - actionsShown),
      },
      { title: 'Saved views', items: own.saved, more: 0 },
      { title: 'Pages', items: own.pages, more: 0 },
    ].filter(({ items }) => items.length > 0);
  // What was opened lately is likelier meant than its equals, unless its name does not even fit.
  const lately = new Set(own.recents.map(({ id }) => id));
  const results = found.map((item) =>
    lately.has(item.id) && (item.score ?? 0) > guessed ? { ...item, score: item.score! + 0.05 } : item,
  );
  const ours = [...own.pages, ...own.saved, ...own.actions, ...(group === 'Recent' ? own.recents : [])];
  return arrange([...results, ...fitting(ours, text)], { text, group });
}

/** Groups whose lines are here already. */
const ownGroups = new Set(['Recent', 'Actions', 'Saved views', 'Pages']);
