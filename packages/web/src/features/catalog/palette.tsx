import type { Entity } from '@callboard/model';
import type { FacetsResponse, QueryEntitiesResponse } from '@callboard/model/http';
import {
  IconCode,
  IconCopy,
  IconDatabaseImport,
  IconHash,
  IconHistory,
  IconLayoutGrid,
  IconPencil,
  IconStar,
} from '@tabler/icons-react';
import type { QueryClient } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';
import {
  icon,
  scoreOf,
  type PaletteContribution,
  type PaletteItem,
  type PalettePlace,
  type PaletteQuestion,
} from '../../core/palette/index.ts';
import { changePreference, toggled } from '../../core/session/index.ts';
import { copyText, count } from '../../core/ui/index.ts';
import { entityQuery, kindsQuery, type EntityKey } from './api.ts';
import { nameOf, namespaceOf, readRef, safeUrl, shortRef, textAt } from './entity.ts';
import { describeKinds, type Kinds } from './kinds.ts';
import { KindIcon } from './parts/KindIcon.tsx';

type Predicate = Record<string, unknown>;

const nameFields = ['metadata.name', 'metadata.title', 'spec.profile.displayName'];
const textFields = [...nameFields, 'metadata.description', 'metadata.tags'];
const wantedFields = ['kind', 'metadata.namespace', ...textFields, 'spec.type', 'spec.owner', 'spec.profile.email'];
const people = ['user', 'group'];

const groupOf = (kind: string, kinds: Kinds) => (kind.toLowerCase() === 'user' ? 'People' : kinds.pluralOf(kind));

async function knownKinds(client: QueryClient) {
  const { items } = await client.ensureQueryData(kindsQuery);
  return { items, kinds: describeKinds(items) };
}

const ask = async (body: object, signal: AbortSignal) =>
  (
    await request<QueryEntitiesResponse>('/api/catalog/entities/by-query', {
      method: 'POST',
      body: { fields: wantedFields, totalItems: 'exclude', ...body },
      signal,
    })
  ).items;

const both = (...conditions: (Predicate | undefined)[]): Predicate | undefined => {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length > 1 ? { $all: given } : given[0];
};

/** A name that begins as typed comes first, however many others have the text somewhere in them. */
const beginningWith = (text: string): Predicate => ({
  $any: nameFields.map((field) => ({ [field]: { $hasPrefix: text } })),
});

/** How well an entity fits: by what people call it, by its name, and a little by everything else that is known of it. */
function fit(entity: Entity, text: string): number {
  const names = Math.max(scoreOf(nameOf(entity), text), scoreOf(entity.metadata.name, text));
  const ref = `${entity.kind}:${namespaceOf(entity)}/${entity.metadata.name}`.toLowerCase();
  if (ref === text.toLowerCase() || ref.endsWith(`/${text.toLowerCase()}`)) return 1;
  const rest = [nameOf(entity), entity.metadata.name, entity.metadata.description, ...(entity.metadata.tags ?? [])];
  const score = Math.max(names, 0.45 * scoreOf(rest.join(' '), text));
  // Locations say where things come from; who types a name means the thing.
  return entity.kind === 'Location' ? score * 0.5 : score;
}

function itemOf(entity: Entity, kinds: Kinds, score: number): PaletteItem {
  const namespace = namespaceOf(entity);
  const kind = entity.kind.toLowerCase();
  const { name } = entity.metadata;
  const owner = textAt(entity, 'spec.owner');
  const ownerRef = owner === undefined ? undefined : readRef(owner, 'group', namespace);
  const ref = `${kind}:${namespace}/${name}`.toLowerCase();
  const label = nameOf(entity);
  const called = label.toLowerCase() === name.toLowerCase() ? undefined : shortRef({ kind, namespace, name });
  return {
    id: ref,
    label,
    group: groupOf(entity.kind, kinds),
    icon: <KindIcon kind={entity.kind} />,
    type: textAt(entity, 'spec.type') ?? kinds.titleOf(entity.kind),
    owner: ownerRef ? shortRef(ownerRef) : owner,
    detail: [called, entity.metadata.description ?? textAt(entity, 'spec.profile.email')].filter(Boolean).join(' · '),
    to: `/catalog/${encodeURIComponent(namespace)}/${kind}/${encodeURIComponent(name)}`,
    score,
  };
}

async function tagItems(text: string, client: QueryClient): Promise<PaletteItem[]> {
  const path = 'metadata.tags';
  const { facets } = await client.fetchQuery({
    queryKey: ['catalog', 'tags'],
    queryFn: ({ signal }) =>
      request<FacetsResponse>('/api/catalog/entity-facets', { method: 'POST', body: { facets: [path] }, signal }),
    staleTime: 60_000,
  });
  return (facets[path] ?? [])
    .map((tag) => ({ ...tag, score: text === '' ? 0.5 : scoreOf(tag.value, text) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => (text === '' ? b.count - a.count : b.score - a.score || b.count - a.count))
    .slice(0, 60)
    .map(({ value, count: entities, score }) => ({
      id: `tag ${value}`,
      label: value,
      group: 'Tags',
      icon: icon(IconHash),
      type: count(entities, 'entity', 'entities'),
      to: `/catalog?tag=${encodeURIComponent(value)}`,
      score: text === '' ? 0 : score,
    }));
}

/** The way on to the whole list, where filters help further. */
const listOf = (text: string): PaletteItem => ({
  id: 'catalog-list',
  label: `All of the catalog with “${text}”`,
  group: 'More',
  icon: icon(IconLayoutGrid),
  to: `/catalog?q=${encodeURIComponent(text)}`,
  score: 0.001,
});

/** Entities by what is typed, through the catalog's own API: those whose name begins so, and those that have the text anywhere. */
async function results(
  { text, scope, group }: PaletteQuestion,
  { client }: PalettePlace,
  signal: AbortSignal,
): Promise<PaletteItem[]> {
  if (scope === 'tags' || group === 'Tags') return tagItems(text, client);
  const { items, kinds } = await knownKinds(client);
  const kind = items.find((each) => groupOf(each.kind, kinds) === group)?.kind.toLowerCase();
  if (group !== undefined && kind === undefined) return [];
  const ofKind = kind ? { kind } : scope === 'people' ? { kind: { $in: people } } : undefined;
  const order = { orderBy: [{ field: 'metadata.name', order: 'asc' }] };
  if (text === '') {
    const all = await ask({ limit: 60, ...order, query: ofKind }, signal);
    return all.map((entity) => itemOf(entity, kinds, 0));
  }
  const ref = text.includes(':') || text.includes('/') ? readRef(text, undefined, 'default') : undefined;
  const words = text.split(/\s+/);
  const longest = words.toSorted((a, b) => b.length - a.length)[0]!;
  const answers = await Promise.all([
    ask({ limit: 30, ...order, query: both(ofKind, beginningWith(words[0]!)) }, signal),
    ask({ limit: 150, fullTextFilter: { term: longest, fields: textFields }, query: ofKind }, signal),
    ...(ref
      ? [
          ask(
            { limit: 1, query: { kind: ref.kind, 'metadata.namespace': ref.namespace, 'metadata.name': ref.name } },
            signal,
          ),
        ]
      : []),
  ]);
  const found = answers
    .flat()
    .map((entity) => ({ entity, score: fit(entity, text) }))
    .filter(({ score }) => score > 0)
    .map(({ entity, score }) => itemOf(entity, kinds, score));
  return found.length === 0 || group !== undefined || scope !== 'all' ? found : [...found, listOf(text)];
}

function keyOf(pathname: string): EntityKey | undefined {
  const [page, namespace, kind, name] = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  if (page !== 'catalog' || !namespace || !kind || !name) return undefined;
  return { kind: kind.toLowerCase(), namespace: namespace.toLowerCase(), name: name.toLowerCase() };
}

/** What can be done with the entity that a page or a row shows. */
function entityActions(key: EntityKey, { client }: PalettePlace): PaletteItem[] {
  const ref = `${key.kind}:${key.namespace}/${key.name}`;
  const page = `/catalog/${key.namespace}/${key.kind}/${key.name}`;
  const entity = client.getQueryData(entityQuery(key).queryKey);
  const label = entity ? nameOf(entity) : key.name;
  const link = (annotation: string) =>
    safeUrl(textAt(entity, `metadata.annotations.backstage.io/${annotation}`) ?? undefined);
  const outside = (id: string, text: string, glyph: PaletteItem['icon'], url: string | undefined): PaletteItem[] =>
    url === undefined
      ? []
      : [
          {
            id,
            label: text,
            group: 'Actions',
            icon: glyph,
            detail: url,
            run: () => void window.open(url, '_blank', 'noopener'),
          },
        ];
  const action = { group: 'Actions' } as const;
  return [
    {
      ...action,
      id: 'copy-ref',
      label: `Copy the reference of ${label}`,
      keywords: 'ref name clipboard',
      detail: ref,
      icon: icon(IconCopy),
      run: () => copyText(ref),
    },
    {
      ...action,
      id: 'star',
      label: `Star ${label}, or remove the star`,
      keywords: 'favourite favorite bookmark',
      icon: icon(IconStar),
      run: () => changePreference(client, 'starred', (before = []) => toggled(before, ref)),
    },
    ...outside('view-source', `View the source of ${label}`, icon(IconCode), link('view-url')),
    ...outside('edit-source', `Edit the descriptor of ${label}`, icon(IconPencil), link('edit-url')),
    {
      ...action,
      id: 'go-to-source',
      label: `Go to the source of ${label}`,
      keywords: 'yaml descriptor file',
      icon: icon(IconCode),
      to: `${page}/source`,
    },
    {
      ...action,
      id: 'go-to-history',
      label: `Go to the history of ${label}`,
      keywords: 'changes diff',
      icon: icon(IconHistory),
      to: `${page}/history`,
    },
  ];
}

/** What the catalog gives to the palette. */
export const catalogPalette: PaletteContribution = {
  results,
  actions: (place) => {
    const key = keyOf(place.pathname);
    return [
      ...(key ? entityActions(key, place) : []),
      {
        id: 'register-location',
        label: 'Register a location',
        group: 'Actions',
        keywords: 'import add new component repository descriptor catalog-info',
        icon: icon(IconDatabaseImport),
        to: '/catalog-import',
      },
    ];
  },
  present: ({ entityRef }) => {
    const ref = entityRef === undefined ? undefined : readRef(entityRef, undefined, 'default');
    return ref && { icon: <KindIcon kind={ref.kind} />, type: ref.kind };
  },
};
