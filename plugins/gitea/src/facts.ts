import type { Host, RepositoryFacts, RepositorySummary, StatView } from '@callboard/plugin-api';
import { addressOf } from './address.ts';
import { type Api, encodedPath, jsonOf, type Thing } from './api.ts';
import type { GiteaHost, Settings } from './settings.ts';

type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];

const ownersFiles = ['CODEOWNERS', 'docs/CODEOWNERS', '.gitea/CODEOWNERS', '.forgejo/CODEOWNERS'];

/** A repository in the words of the contract. */
export const summaryOf = (repository: Thing): RepositorySummary => ({
  name: String(repository['name']),
  owner: String(repository['owner']?.login ?? repository['full_name'].split('/')[0]),
  url: String(repository['html_url']),
  defaultBranch: String(repository['default_branch'] ?? 'main'),
  ...(repository['description'] && { description: String(repository['description']).slice(0, 5000) }),
  topics: (repository['topics'] ?? []).map(String),
  archived: repository['archived'] === true,
  fork: repository['fork'] === true,
  private: repository['private'] === true,
});

/** Who a CODEOWNERS file names, each once. */
export function ownersIn(text: string): string[] {
  const names = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .flatMap((line) => line.match(/\s(@[\w./-]+|[\w.+-]+@[\w.-]+)/g) ?? [])
    .map((name) => name.trim());
  return [...new Set(names)].slice(0, 200);
}

/** There is no list of contributors: they are told by so many of the last commits. */
const recentCommits = 50;

/** Who made the commits, whoever made most of them first. */
function authorsOf(commits: Thing[]): string[] {
  const counts = new Map<string, number>();
  for (const { commit } of commits) {
    const name = commit?.author?.name;
    if (typeof name === 'string' && name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .map(([name]) => name.slice(0, 300))
    .slice(0, 10);
}

/** What is worth knowing of a repository; null when there is none. What the account may not see is left out. */
export async function factsOf(
  api: Api,
  at: GiteaHost,
  full: string,
  signal?: AbortSignal,
): Promise<RepositoryFacts | null> {
  const base = `/repos/${encodedPath(full)}`;
  const found = await api.find(at, base, { signal });
  if (!found) return null;
  const ask = async (path: string): Promise<any> => {
    const answer = await api.call(at, `${base}${path}`, { allow: [403, 404, 409, 500], signal });
    return answer.ok ? jsonOf(at, answer) : undefined;
  };
  const owners = async () => {
    for (const path of ownersFiles) {
      const answer = await api.call(at, `${base}/raw/${path}`, { allow: [403, 404, 409], signal });
      if (answer.ok) return ownersIn(answer.text());
    }
    return [];
  };
  const [commits, release, languages, codeOwners] = await Promise.all([
    ask(`/commits?limit=${recentCommits}&stat=false&verification=false&files=false`),
    ask('/releases/latest'),
    ask('/languages'),
    owners(),
  ]);
  const last: Thing | undefined = commits?.[0];
  const sizes = Object.entries((languages ?? {}) as Record<string, number>);
  const all = sizes.reduce((sum, [, size]) => sum + size, 0);
  return {
    repository: summaryOf(found),
    ...(last?.['commit'] && {
      lastChange: {
        at: new Date(last['commit'].committer?.date ?? last['created']).toISOString(),
        title: String(last['commit'].message).split('\n')[0]!.slice(0, 500),
        author: String(last['commit'].author?.name ?? '').slice(0, 300),
        ...(last['html_url'] && { href: String(last['html_url']) }),
      },
    }),
    ...(typeof found['open_pr_counter'] === 'number' && { openChanges: found['open_pr_counter'] }),
    ...(release && {
      release: {
        name: String(release['name'] || release['tag_name']).slice(0, 300),
        ...(release['published_at'] && { at: new Date(release['published_at']).toISOString() }),
        ...(release['html_url'] && { href: String(release['html_url']) }),
      },
    }),
    ...(Array.isArray(commits) && { contributors: authorsOf(commits) }),
    languages: sizes.map(([name, size]) => ({ name, share: size / all })).slice(0, 100),
    owners: codeOwners,
  };
}

/** The repository of an entity, and by which of its annotations it was found. */
export function repositoryOf(
  { hosts }: Settings,
  entity: Entity,
): { at: GiteaHost; full: string; evidence: string } | undefined {
  const annotations = entity.metadata.annotations ?? {};
  const slug = annotations['gitea.com/repo-slug'];
  if (slug !== undefined && hosts[0])
    return { at: hosts[0], full: slug.replace(/^\/+|\/+$/g, ''), evidence: 'the annotation gitea.com/repo-slug' };
  for (const key of ['backstage.io/source-location', 'backstage.io/managed-by-location']) {
    const [, url] = /^url:(https?:.+)$/.exec(annotations[key] ?? '') ?? [];
    if (url === undefined) continue;
    try {
      const { at, owner, name } = addressOf(hosts, url);
      return { at, full: `${owner}/${name}`, evidence: `the annotation ${key}` };
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
      value: `${lastChange.title.slice(0, 200)} (${lastChange.author || 'unknown'})`,
    });
  }
  if (openChanges !== undefined)
    items.push({ label: 'Open pull requests', value: openChanges, href: `${repository.url}/pulls` });
  if (release) items.push({ label: 'Latest release', value: release.name, href: release.href });
  const most = languages.filter(({ share }) => share >= 0.01).slice(0, 4);
  if (most.length > 0)
    items.push({
      label: 'Languages',
      value: most.map(({ name, share }) => `${name} ${Math.round(share * 100)} %`).join(', '),
    });
  if (contributors.length > 0) items.push({ label: 'Contributors lately', value: names(contributors) });
  if (owners.length > 0) items.push({ label: 'Code owners', value: names(owners) });
  return { model: 'stat', note: `Found by ${evidence}.`, items };
}
