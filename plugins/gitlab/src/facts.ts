import type { Host, RepositoryFacts, StatView } from '@callboard/plugin-api';
import { type Api, encoded, jsonOf, type Thing } from './api.ts';
import { addressOf } from './address.ts';
import { summaryOf } from './summary.ts';
import type { GitlabHost, Settings } from './settings.ts';

type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];

const ownersFiles = ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];

/** Who a CODEOWNERS file names, each once. */
export function ownersIn(text: string): string[] {
  const names = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .flatMap((line) => line.match(/(?:^|\s)(@[\w./-]+|[\w.+-]+@[\w.-]+)/g) ?? [])
    .map((name) => name.trim());
  return [...new Set(names)].slice(0, 200);
}

/** What is worth knowing of a project; null when there is none. What the token may not see is left out. */
export async function factsOf(
  api: Api,
  at: GitlabHost,
  project: string,
  signal?: AbortSignal,
): Promise<RepositoryFacts | null> {
  const base = `/projects/${encoded(project)}`;
  const found = await api.find(at, base, { signal });
  if (!found) return null;
  const ask = async (path: string): Promise<{ value: any; total?: number } | undefined> => {
    const answer = await api.call(at, `${base}${path}`, { allow: [403, 404, 500], signal });
    if (!answer.ok) return undefined;
    const total = Number(answer.headers['x-total'] ?? Number.NaN);
    return { value: jsonOf(at, answer), ...(!Number.isNaN(total) && { total }) };
  };
  const owners = async () => {
    for (const path of ownersFiles) {
      const answer = await api.call(at, `${base}/repository/files/${encoded(path)}/raw?ref=HEAD`, {
        headers: { accept: '*/*' },
        allow: [403, 404],
        signal,
      });
      if (answer.ok) return ownersIn(answer.text());
    }
    return [];
  };
  const [commits, open, releases, languages, people, codeOwners] = await Promise.all([
    ask('/repository/commits?per_page=1'),
    ask('/merge_requests?state=opened&per_page=1'),
    ask('/releases?per_page=1'),
    ask('/languages'),
    ask('/repository/contributors?order_by=commits&sort=desc&per_page=10'),
    owners(),
  ]);
  const last: Thing | undefined = commits?.value[0];
  const release: Thing | undefined = releases?.value[0];
  return {
    repository: summaryOf(found),
    ...(last && {
      lastChange: {
        at: new Date(last['committed_date']).toISOString(),
        title: String(last['title']).slice(0, 500),
        author: String(last['author_name'] ?? '').slice(0, 300),
        ...(last['web_url'] && { href: String(last['web_url']) }),
      },
    }),
    ...(open?.total !== undefined && { openChanges: open.total }),
    ...(release && {
      release: {
        name: String(release['name'] || release['tag_name']).slice(0, 300),
        ...(release['released_at'] && { at: new Date(release['released_at']).toISOString() }),
        ...(release['_links']?.self && { href: String(release['_links'].self) }),
      },
    }),
    ...(languages && {
      languages: Object.entries(languages.value as Record<string, number>)
        .map(([name, share]) => ({ name, share: Math.min(1, share / 100) }))
        .slice(0, 100),
    }),
    ...(people && { contributors: people.value.map(({ name }: Thing) => String(name).slice(0, 300)) }),
    owners: codeOwners,
  };
}

/** The project of an entity, and by which of its annotations it was found. */
export function projectOf(
  { hosts }: Settings,
  entity: Entity,
): { at: GitlabHost; project: string; evidence: string } | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const slug = annotations['gitlab.com/project-slug'];
  const instance = annotations['gitlab.com/instance'];
  const named = instance === undefined ? hosts[0] : hosts.find(({ host }) => host === instance);
  if (slug !== undefined && named)
    return { at: named, project: slug.replace(/^\/+|\/+$/g, ''), evidence: 'the annotation gitlab.com/project-slug' };
  const id = annotations['gitlab.com/project-id'];
  if (id !== undefined && named) return { at: named, project: id, evidence: 'the annotation gitlab.com/project-id' };
  for (const key of ['backstage.io/source-location', 'backstage.io/managed-by-location']) {
    const [, url] = /^url:(https?:.+)$/.exec(annotations[key] ?? '') ?? [];
    if (url === undefined) continue;
    try {
      const { at, project } = addressOf(hosts, url);
      return { at, project, evidence: `the annotation ${key}` };
    } catch {
      // On another host.
    }
  }
  return undefined;
}

/** The card of a repository. */
export function cardOf(facts: RepositoryFacts, evidence: string): StatView {
  const { repository, lastChange, openChanges, release, languages = [], contributors = [], owners = [] } = facts;
  const names = (list: string[]) =>
    list.slice(0, 3).join(', ') + (list.length > 3 ? ` and ${list.length - 3} more` : '');
  const items: StatView['items'] = [
    { label: 'Repository', value: `${repository.owner}/${repository.name}`, href: repository.url },
  ];
  if (repository.archived) items.push({ label: 'State', value: 'archived', tone: 'warning' });
  if (lastChange) {
    items.push({ label: 'Last commit', value: lastChange.at.slice(0, 16).replace('T', ' '), href: lastChange.href });
    items.push({
      label: 'Its message',
      value: `${lastChange.title.slice(0, 200)} (${lastChange.author ?? 'unknown'})`,
    });
  }
  if (openChanges !== undefined)
    items.push({ label: 'Open merge requests', value: openChanges, href: `${repository.url}/-/merge_requests` });
  if (release) items.push({ label: 'Latest release', value: release.name, href: release.href });
  const most = languages.filter(({ share }) => share >= 0.01).slice(0, 4);
  if (most.length > 0)
    items.push({
      label: 'Languages',
      value: most.map(({ name, share }) => `${name} ${Math.round(share * 100)} %`).join(', '),
    });
  if (contributors.length > 0) items.push({ label: 'Contributors', value: names(contributors) });
  if (owners.length > 0) items.push({ label: 'Code owners', value: names(owners) });
  return { model: 'stat', note: `Found by ${evidence}.`, items };
}
