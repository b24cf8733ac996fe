import type { Source } from '@callboard/plugin-api';
import { type Api, eachOf, encoded, failure, type Thing } from './api.ts';
import type { GitlabHost, PeopleSource, Settings } from './settings.ts';

type Found = Record<string, any>;
const nameOf = (text: string) =>
  text
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[-._]+|[-._]+$/g, '')
    .slice(0, 63);
/** Accounts that GitLab makes for tokens. */
const isBot = (username: string) => /^(project|group)_\d+_bot/.test(username);

const groupEntity = (host: string, group: Thing, names: Map<number, string>, namespace?: string): Found => {
  const parent = names.get(group['parent_id']);
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: {
      name: names.get(group['id'])!,
      ...(namespace && { namespace }),
      ...(group['description'] && { description: String(group['description']) }),
      annotations: { [`${host.replace(/:\d+$/, '')}/team-path`]: String(group['full_path']) },
      links: [{ url: String(group['web_url']), title: 'In GitLab' }],
    },
    spec: {
      type: 'team',
      profile: {
        displayName: String(group['name']),
        ...(group['avatar_url'] && { picture: String(group['avatar_url']) }),
      },
      ...(parent !== undefined && { parent }),
      children: [],
    },
  };
};

const userEntity = (host: string, user: Thing, memberOf: string[], namespace?: string): Found => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: {
    name: nameOf(user['username']),
    ...(namespace && { namespace }),
    annotations: { [`${host.replace(/:\d+$/, '')}/user-login`]: String(user['web_url']) },
  },
  spec: {
    profile: {
      displayName: String(user['name'] ?? user['username']),
      ...((user['email'] ?? user['public_email']) && { email: String(user['email'] ?? user['public_email']) }),
      ...(user['avatar_url'] && { picture: String(user['avatar_url']) }),
    },
    memberOf: memberOf.toSorted(),
  },
});

async function read(api: Api, at: GitlabHost, source: PeopleSource, signal: AbortSignal): Promise<Found[]> {
  const { group, namespace } = source;
  const top = await api.get(at, `/groups/${encoded(group)}?with_projects=false`, { signal });
  const groups = [top, ...(await api.all(at, `/groups/${encoded(group)}/descendant_groups`, { signal }))];
  const names = new Map(
    groups.map((each) => [each['id'] as number, nameOf(String(each['full_path']).replaceAll('/', '-'))]),
  );
  const members = await eachOf(groups, (each) => api.all(at, `/groups/${each['id']}/members`, { signal }));
  const people = new Map<number, { user: Thing; memberOf: Set<string> }>();
  for (const [index, list] of members.entries())
    for (const user of list) {
      if (user['state'] !== 'active' || isBot(String(user['username']))) continue;
      const known = people.get(user['id']) ?? { user, memberOf: new Set<string>() };
      known.memberOf.add(names.get(groups[index]!['id'])!);
      people.set(user['id'], known);
    }
  return [
    ...groups.map((each) => groupEntity(at.host, each, names, namespace)),
    ...[...people.values()].map(({ user, memberOf }) => userEntity(at.host, user, [...memberOf], namespace)),
  ];
}

/** Groups with their subgroups and members as a source. One of them is one page, and whoever is in several is in the first. */
export function createPeople(api: Api, settings: Settings): Source {
  return async ({ cursor = '0' }, { signal }) => {
    const index = Number(cursor);
    const source = settings.people[index];
    if (!source) return { entities: [] };
    const at = settings.hosts.find(({ host }) => host === source.host);
    if (!at) throw failure('INPUT', `A source of people names the host '${source.host}', which is not configured`);
    const entities = await read(api, at, source, signal);
    return { entities, ...(index + 1 < settings.people.length && { cursor: String(index + 1) }) };
  };
}
