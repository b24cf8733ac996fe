import type { SerializedTaskEvent, TemplateSummary } from '@callboard/model/http';
import { describe, expect, it } from 'vitest';
import { readGallery, readRuns, writeGallery, writeRuns } from './address.ts';
import {
  changesOf,
  draftOfFolder,
  faultOfPath,
  isOtherTemplate,
  newDraft,
  withoutFile,
  withSaved,
  withText,
} from './editor/draft.ts';
import { filterParameters } from './form/fields/catalog.ts';
import { readRepoUrl, writeRepoUrl } from './formats/hosts.ts';
import { chooseTemplates, groupsOf } from './gallery/choose.ts';
import { encoded, textOf, treeOf } from './parts/files.ts';
import { duration, saves } from './parts/words.ts';
import { withEvents } from './run/use-events.ts';

const template = (name: string, more: Partial<TemplateSummary> = {}): TemplateSummary => ({
  ref: `template:default/${name}`,
  name,
  namespace: 'default',
  title: name,
  type: 'service',
  tags: [],
  links: [],
  runs: 0,
  completed: 0,
  ...more,
});

describe('the gallery', () => {
  const all = [
    template('b', { completed: 3, runs: 3 }),
    template('a', { type: 'change', owner: 'group:default/platform', ownerLabel: 'Platform' }),
    template('c', { tags: ['recommended', 'go'], description: 'Mächtig' }),
  ];
  const personal = { owned: new Set(['group:default/platform']), starred: new Set(['template:default/c']) };
  const names = (search: Record<string, string | string[]>) =>
    chooseTemplates(all, readGallery(search), personal).map(({ name }) => name);

  it('has the recommended first, then what is used most', () => {
    expect(names({})).toEqual(['c', 'b', 'a']);
    expect(groupsOf(chooseTemplates(all, readGallery({}), personal)).map(({ title }) => title)).toEqual([
      'Service',
      'Change',
    ]);
  });

  it('is narrowed by what the address says', () => {
    expect(names({ q: 'machtig' })).toEqual(['c']);
    expect(names({ q: 'platform' })).toEqual(['a']);
    expect(names({ show: 'starred' })).toEqual(['c']);
    expect(names({ show: 'owned' })).toEqual(['a']);
    expect(names({ show: 'used' })).toEqual(['b']);
    expect(names({ type: 'change' })).toEqual(['a']);
    expect(names({ tag: 'go' })).toEqual(['c']);
    expect(writeGallery(readGallery({ q: 'x', show: 'nonsense', tag: ['a'] }))).toEqual({ q: 'x', tag: ['a'] });
  });
});

it('keeps the filters of runs in the address', () => {
  expect(writeRuns(readRuns({ show: 'all', status: 'failed', page: '3' }))).toEqual({
    show: 'all',
    status: 'failed',
    page: '3',
  });
  expect(writeRuns(readRuns({ show: 'x', status: 'y', page: '-1' }))).toEqual({});
});

describe('files', () => {
  it('stand in their folders, folders first', () => {
    expect(treeOf(['b.md', 'src/a/x.ts', 'src/b.ts', 'a.md'])).toEqual([
      {
        name: 'src',
        path: 'src',
        children: [
          { name: 'a', path: 'src/a', children: [{ name: 'x.ts', path: 'src/a/x.ts' }] },
          { name: 'b.ts', path: 'src/b.ts' },
        ],
      },
      { name: 'a.md', path: 'a.md' },
      { name: 'b.md', path: 'b.md' },
    ]);
  });

  it('are texts or not', () => {
    expect(textOf(encoded('Ä 日本 😀\n'))).toBe('Ä 日本 😀\n');
    expect(textOf(encoded(Uint8Array.of(0x89, 0x50, 0, 1)))).toBeUndefined();
    expect(textOf(encoded(Uint8Array.of(0xff, 0xfe, 0x41)))).toBeUndefined();
    expect(textOf(encoded('x'.repeat(100_000)))).toHaveLength(100_000);
  });
});

describe('a template that is being written', () => {
  it('knows what has changed', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const draft = draftOfFolder(
      new Map([
        ['deep/er/template.yaml', bytes('kind: Template\n')],
        ['own/template.yaml', bytes('apiVersion: x\nkind: Template\n')],
        ['own/a.md', bytes('a')],
      ]),
    )!;
    expect(draft.main).toBe('own/template.yaml');
    const next = withoutFile(withText(withText(draft, 'own/a.md', 'b'), 'new.md', ''), 'deep/er/template.yaml');
    expect(changesOf(next)).toEqual([
      { path: 'deep/er/template.yaml', kind: 'removed' },
      { path: 'new.md', kind: 'new' },
      { path: 'own/a.md', kind: 'changed' },
    ]);
    expect(changesOf(withSaved(next, 'own/a.md')).map(({ path }) => path)).toEqual(['deep/er/template.yaml', 'new.md']);
    expect(changesOf(withText(next, 'own/a.md', 'a')).map(({ path }) => path)).not.toContain('own/a.md');
    expect([...draft.files.keys()].filter((path) => isOtherTemplate(draft, path))).toEqual(['deep/er/template.yaml']);
    expect(withoutFile(draft, draft.main)).toBe(draft);
    expect(draftOfFolder(new Map([['x.yaml', bytes('kind: Component')]]))).toBeUndefined();
  });

  it('takes only paths within it', () => {
    const draft = newDraft();
    expect(
      ['/a', 'a/', '../a', 'a//b', '.git/config', '', 'template.yaml'].filter((path) => !faultOfPath(draft, path)),
    ).toEqual([]);
    expect(faultOfPath(draft, 'skeleton/${{ values.name }}.md')).toBeUndefined();
  });
});

it('reads and writes the value of a repository picker', () => {
  expect(readRepoUrl('github.com?owner=o&repo=r')).toEqual({ parts: { host: 'github.com', owner: 'o', repo: 'r' } });
  expect(writeRepoUrl({ host: 'dev.azure.com', repo: 'r', project: 'p', organization: 'o' })).toBe(
    'dev.azure.com?repo=r&organization=o&project=p',
  );
  for (const remote of ['ssh://git@host/x.git', 'git@host:team/x.git', 'https://host/x', 'x.git'])
    expect(readRepoUrl(remote)).toEqual({ remote });
});

it('asks the catalog for what a field may offer', () => {
  expect(
    filterParameters([
      { kind: 'Group', 'spec.type': ['team', 'department'] },
      { kind: 'User', 'metadata.annotations.x/y': { exists: true } },
    ]),
  ).toEqual(['kind=Group,spec.type=team,spec.type=department', 'kind=User,metadata.annotations.x/y']);
  expect(filterParameters(undefined)).toEqual([]);
});

it('has every event of a run once and in order', () => {
  const event = (id: number) => ({ id, type: 'log', body: { message: String(id) } }) as SerializedTaskEvent;
  const first = withEvents([], [event(1), event(2), event(2)]);
  expect(first.map(({ id }) => id)).toEqual([1, 2]);
  expect(withEvents(first, [event(1), event(2)])).toBe(first);
  expect(withEvents(first, [event(2), event(3)]).map(({ id }) => id)).toEqual([1, 2, 3]);
});

it('tells times in words', () => {
  expect([250, 1200, 42_000, 184_000, 7_500_000].map(duration)).toEqual([
    '250 ms',
    '1.2 s',
    '42 s',
    '3 min 4 s',
    '2 h 5 min',
  ]);
  expect([30, 360, 90, 5 * 24 * 60].map(saves)).toEqual([
    'saves about 30 min',
    'saves about 6 h',
    'saves about 1.5 h',
    'saves about 5 d',
  ]);
});
