import { IconCode, IconCopy, IconDatabaseImport, IconHistory, IconPencil, IconStar } from '@tabler/icons-react';
import { icon, type PaletteContribution, type PaletteItem, type PalettePlace } from '../../core/palette/index.ts';
import { changePreference, toggled } from '../../core/session/index.ts';
import { copyText } from '../../core/ui/index.ts';
import { entityQuery, type EntityKey } from './api.ts';
import { nameOf, readRef, safeUrl, textAt } from './entity.ts';
import { KindIcon } from './parts/KindIcon.tsx';

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
        permission: 'catalog.location.create',
      },
    ];
  },
  present: ({ entityRef }) => {
    const ref = entityRef === undefined ? undefined : readRef(entityRef, undefined, 'default');
    return ref && { icon: <KindIcon kind={ref.kind} />, type: ref.kind };
  },
};
