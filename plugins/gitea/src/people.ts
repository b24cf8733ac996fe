import type { Source, SourcePage } from '@callboard/plugin-api';
import { type Api, eachOf, encoded, failure, type Thing } from './api.ts';
import type { GiteaHost, PeopleSource, Settings } from './settings.ts';

type Found = SourcePage['entities'][number];

const nameOf = (text: string) =>
  text
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[-._]+|[-._]+$/g, '')
    .slice(0, 63);

const groupOf = (
  { namespace }: PeopleSource,
  {
    name,
    title,
    description,
    type,
    parent,
  }: Record<'name' | 'title' | 'type', string> & Record<'description' | 'parent', string | undefined>,
): Found => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name, ...(namespace && { namespace }), ...(description && { description }) },
  spec: { type, profile: { displayName: title }, ...(parent !== undefined && { parent }), children: [] },
});

const userOf = (at: GiteaHost, { namespace }: PeopleSource, user: Thing, memberOf: string[]): Found => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: {
    name: nameOf(String(user['login'])),
    ...(namespace && { namespace }),
    links: [{ url: `${at.baseUrl}/${encoded(user['login'])}`, title: 'In Gitea' }],
  },
  spec: {
    profile: {
      displayName: String(user['full_name'] || user['login']),
      // Who hides their address has one that nobody reads.
      ...(user['email'] && !/@noreply\./.test(user['email']) && { email: String(user['email']) }),
      ...(user['avatar_url'] && { picture: String(user['avatar_url']) }),
    },
    memberOf: memberOf.toSorted(),
  },
});

async function read(api: Api, at: GiteaHost, source: PeopleSource, signal: AbortSignal): Promise<Found[]> {
  const start = `/orgs/${encoded(source.organization)}`;
  const organization = await api.get(at, start, { signal });
  const top = nameOf(source.organization);
  const [members, teams] = await Promise.all([
    api.all(at, `${start}/members`, { signal }),
    api.all(at, `${start}/teams`, { signal }),
  ]);
  const lists = await eachOf(teams, (team) => api.all(at, `/teams/${team['id']}/members`, { signal }));
  const people = new Map<number, { user: Thing; memberOf: Set<string> }>();
  const join = (user: Thing, group: string) => {
    if (user['active'] === false || user['prohibit_login'] === true) return;
    const known = people.get(user['id']) ?? { user, memberOf: new Set<string>() };
    known.memberOf.add(group);
    people.set(user['id'], known);
  };
  const teamName = (team: Thing) => nameOf(`${top}-${team['name']}`);
  for (const user of members) join(user, top);
  for (const [index, list] of lists.entries()) for (const user of list) join(user, teamName(teams[index]!));
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return [
    groupOf(source, {
      name: top,
      title: text(organization['full_name']) ?? source.organization,
      description: text(organization['description']),
      type: 'organization',
      parent: undefined,
    }),
    ...teams.map((team) =>
      groupOf(source, {
        name: teamName(team),
        title: String(team['name']),
        description: text(team['description']),
        type: 'team',
        parent: top,
      }),
    ),
    ...[...people.values()].map(({ user, memberOf }) => userOf(at, source, user, [...memberOf])),
  ];
}

/** Organisations with their teams and members as a source. One of them is one page. */
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
