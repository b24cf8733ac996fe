import type { Source } from '@callboard/plugin-api';
import type { Client } from './client.ts';
import type { GithubHost, Settings } from './hosts.ts';
import { at, list, record, textOf } from './json.ts';

type Team = { slug: string; name?: string; description?: string; picture?: string; parent?: string; members: string[] };

const usersQuery = `query($owner: String!, $cursor: String) {
  organization(login: $owner) {
    membersWithRole(first: 100, after: $cursor) {
      pageInfo { hasNextPage endCursor }
      nodes { login name email avatarUrl organizationVerifiedDomainEmails(login: $owner) }
    }
  }
}`;
const teamsQuery = `query($owner: String!, $cursor: String) {
  organization(login: $owner) {
    teams(first: 50, after: $cursor) {
      pageInfo { hasNextPage endCursor }
      nodes {
        slug name description avatarUrl
        parentTeam { slug }
        members(first: 100, membership: IMMEDIATE) { pageInfo { hasNextPage endCursor } nodes { login } }
      }
    }
  }
}`;
const membersQuery = `query($owner: String!, $team: String!, $cursor: String) {
  organization(login: $owner) {
    team(slug: $team) {
      members(first: 100, after: $cursor, membership: IMMEDIATE) { pageInfo { hasNextPage endCursor } nodes { login } }
    }
  }
}`;

/** Names of accounts and teams that can be names of entities as they are. */
const isName = (text: string) => /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(text);

/** Every node of a list that comes page by page. */
async function pages(
  client: Client,
  target: GithubHost,
  query: string,
  variables: { owner: string; [name: string]: unknown },
  path: string[],
  signal: AbortSignal,
): Promise<Record<string, unknown>[]> {
  const nodes: Record<string, unknown>[] = [];
  let cursor = (variables['cursor'] ?? null) as string | null;
  for (;;) {
    const { owner } = variables;
    const data = await client.graphql(
      target,
      query,
      { ...variables, cursor },
      { owner, signal, purpose: 'background', what: `list the people of ${owner}` },
    );
    const found = record(at(data, ...path));
    if (found['nodes'] === undefined)
      throw Object.assign(
        new Error(
          `${target.host}: the people of ${owner} cannot be seen: the token needs the scope read:org, an app the permission Members: read`,
        ),
        { code: 'RIGHT_MISSING' },
      );
    nodes.push(...list(found['nodes']));
    if (at(found, 'pageInfo', 'hasNextPage') !== true) return nodes;
    cursor = textOf(at(found, 'pageInfo', 'endCursor')) ?? null;
  }
}

async function teamsOf(client: Client, target: GithubHost, owner: string, signal: AbortSignal): Promise<Team[]> {
  const nodes = await pages(client, target, teamsQuery, { owner }, ['organization', 'teams'], signal);
  const teams: Team[] = [];
  for (const node of nodes) {
    const slug = textOf(node['slug']);
    if (slug === undefined || !isName(slug)) continue;
    const members = list(at(node, 'members', 'nodes'));
    if (at(node, 'members', 'pageInfo', 'hasNextPage') === true) {
      const cursor = textOf(at(node, 'members', 'pageInfo', 'endCursor'));
      const path = ['organization', 'team', 'members'];
      members.push(...(await pages(client, target, membersQuery, { owner, team: slug, cursor }, path, signal)));
    }
    teams.push({
      slug,
      name: textOf(node['name']),
      description: textOf(node['description']),
      picture: textOf(node['avatarUrl']),
      parent: textOf(at(node, 'parentTeam', 'slug')),
      members: members.flatMap((each) => textOf(each['login']) ?? []).filter(isName),
    });
  }
  return teams;
}

const apiVersion = 'backstage.io/v1alpha1';

/** The members of organisations and their teams, with Backstage's annotations. Whoever is in several organisations is one entity. */
export function createPeople({ hosts, organizations }: Settings, client: Client): Source {
  const wanted = organizations.filter(({ people }) => people);
  return async (_input, { signal }) => {
    const users = new Map<string, { node: Record<string, unknown>; groups: string[] }>();
    const groups = new Map<string, object>();
    for (const { name: owner, host } of wanted) {
      const target = hosts.find((each) => each.host === host);
      if (!target) throw new Error(`organizations: ${owner} is on ${host}, which is not among the hosts`);
      const [members, teams] = await Promise.all([
        pages(client, target, usersQuery, { owner }, ['organization', 'membersWithRole'], signal),
        teamsOf(client, target, owner, signal),
      ]);
      // A second organisation with a team of the same name has it under its own name.
      const names = new Map(
        teams.map(({ slug }) => [slug, groups.has(slug) ? `${owner}-${slug}`.toLowerCase().slice(0, 63) : slug]),
      );
      for (const node of members) {
        const login = textOf(node['login']);
        if (login === undefined || !isName(login)) continue;
        const own = teams.filter((team) => team.members.includes(login)).map(({ slug }) => names.get(slug)!);
        const before = users.get(login);
        users.set(login, {
          node: { ...before?.node, ...node },
          groups: [...new Set([...(before?.groups ?? []), ...own])],
        });
      }
      for (const { slug, name, description, picture, parent, members: inside } of teams)
        groups.set(names.get(slug)!, {
          apiVersion,
          kind: 'Group',
          metadata: {
            name: names.get(slug)!,
            ...(description && { description }),
            annotations: {
              'github.com/team-slug': `${owner}/${slug}`,
              'backstage.io/view-url': `${target.site}/orgs/${owner}/teams/${slug}`,
            },
          },
          spec: {
            type: 'team',
            profile: { displayName: name ?? slug, ...(picture && { picture }) },
            children: [],
            members: inside,
            ...(parent && { parent: names.get(parent) ?? parent }),
          },
        });
    }
    const people = [...users].map(([login, { node, groups: memberOf }]) => {
      const email =
        textOf((node['organizationVerifiedDomainEmails'] as unknown[] | undefined)?.[0]) ?? textOf(node['email']);
      const picture = textOf(node['avatarUrl']);
      return {
        apiVersion,
        kind: 'User',
        metadata: { name: login, annotations: { 'github.com/user-login': login } },
        spec: {
          profile: { displayName: textOf(node['name']) ?? login, ...(email && { email }), ...(picture && { picture }) },
          memberOf,
        },
      };
    });
    return { entities: [...people, ...groups.values()] as never[] };
  };
}
