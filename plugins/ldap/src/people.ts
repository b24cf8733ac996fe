import type { Connection, Host, Source, SourcePage } from '@callboard/plugin-api';
import type { Client, Entry } from 'ldapts';
import { bindAsPortal, first, permanent, subjectOf, withClient } from './client.ts';
import { type SourceSettings, sourceSettingsOf } from './settings.ts';

type JsonObject = SourcePage['entities'][number];
type Tested = Awaited<ReturnType<Connection>>;

const perPage = 1_000;
const longest = 63;

type Group = { entry: Entry; name: string; ref: string; members: Set<string> };
type Person = { entry: Entry; name: string; memberOf: Set<string> };

const memberAttributes = ['member', 'uniqueMember', 'memberUid'];

/** Names of entries are the same whatever the case and the spaces around their separators. */
const plain = (dn: string) => dn.replaceAll(/\s*([,=])\s*/g, '$1').toLowerCase();

/** A text as the name of an entity. */
const nameFrom = (given: string): string =>
  given
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, longest)
    .replaceAll(/^[-._]+|[-._]+$/g, '');

const all = (entry: Entry, attribute: string): string[] =>
  Object.entries(entry)
    .filter(([name]) => name.toLowerCase() === attribute.toLowerCase())
    .flatMap(([, value]) => [value].flat())
    .map((value) => (Buffer.isBuffer(value) ? value.toString('utf8') : value));

async function search(client: Client, base: string, filter: string, attributes: string[]): Promise<Entry[]> {
  const { searchEntries } = await client.search(base, {
    scope: 'sub',
    filter,
    attributes: [...attributes, 'memberOf', ...permanent],
    explicitBufferAttributes: ['objectGUID'],
    paged: { pageSize: 500 },
  });
  return searchEntries;
}

/** Takes out what would make a group stand above itself: the catalog, as the company, is a tree there. */
function withoutCircles(groups: ReadonlyMap<string, Group>): Map<string, string[]> {
  const children = new Map<string, string[]>();
  const done = new Set<string>();
  const walk = (dn: string, above: ReadonlySet<string>): void => {
    if (done.has(dn)) return;
    const within = new Set([...above, dn]);
    const inside = [...groups.get(dn)!.members].filter((member) => groups.has(member) && !within.has(member));
    children.set(dn, inside);
    for (const member of inside) walk(member, within);
    done.add(dn);
  };
  for (const dn of groups.keys()) walk(dn, new Set());
  return children;
}

const annotationsOf = (entry: Entry) => ({
  'backstage.io/ldap-dn': entry.dn,
  'backstage.io/ldap-rdn': entry.dn.split(/(?<!\\),/, 1)[0]!.trim(),
  'backstage.io/ldap-uuid': subjectOf(entry),
});

function entityOf(
  { namespace, emailAttribute }: SourceSettings,
  kind: 'User' | 'Group',
  { entry, name, shown }: { entry: Entry; name: string; shown: string },
  spec: JsonObject,
): JsonObject {
  const description = kind === 'Group' ? first(entry, 'description') : undefined;
  const [displayName, email] = [first(entry, shown), first(entry, emailAttribute)];
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      name,
      ...(namespace !== 'default' && { namespace }),
      ...(description !== undefined && { description }),
      annotations: annotationsOf(entry),
    },
    spec: {
      ...spec,
      profile: { ...(displayName !== undefined && { displayName }), ...(email !== undefined && { email }) },
    },
  };
}

/** Everybody and every group of a directory, as entities. */
async function read(host: Host, settings: SourceSettings): Promise<JsonObject[]> {
  await host.announce(settings.url);
  const { nameAttribute, usernameAttribute, emailAttribute, groupAttribute, groupBase } = settings;
  const [people, groups] = await withClient(settings, async (client) => {
    await bindAsPortal(client, settings);
    const found = await search(client, settings.userBase, settings.userFilter, [
      nameAttribute,
      usernameAttribute,
      emailAttribute,
    ]);
    if (groupBase === undefined) return [found, []];
    const attributes = [groupAttribute, 'description', emailAttribute, ...memberAttributes];
    return [found, await search(client, groupBase, settings.groupFilter, attributes)];
  });
  let nameless = 0;
  const named = (entry: Entry, attribute: string): string | undefined => {
    const name = nameFrom(first(entry, attribute) ?? '');
    if (name === '') nameless += 1;
    return name || undefined;
  };
  const groupsByDn = new Map<string, Group>();
  for (const entry of groups) {
    const name = named(entry, groupAttribute);
    const members = new Set(['member', 'uniqueMember'].flatMap((attribute) => all(entry, attribute).map(plain)));
    if (name !== undefined)
      groupsByDn.set(plain(entry.dn), { entry, name, ref: `group:${settings.namespace}/${name}`, members });
  }
  const persons = people.flatMap((entry): Person[] => {
    const name = named(entry, usernameAttribute);
    return name === undefined ? [] : [{ entry, name, memberOf: new Set(all(entry, 'memberOf').map(plain)) }];
  });
  // Who is in a group is said by the group, by its members, or by both.
  const byUid = new Map(persons.map((person) => [first(person.entry, usernameAttribute), person]));
  const byDn = new Map(persons.map((person) => [plain(person.entry.dn), person]));
  for (const [dn, { entry, members }] of groupsByDn) {
    for (const above of all(entry, 'memberOf')) groupsByDn.get(plain(above))?.members.add(dn);
    for (const member of members) byDn.get(member)?.memberOf.add(dn);
    for (const uid of all(entry, 'memberUid')) byUid.get(uid)?.memberOf.add(dn);
  }
  const children = withoutCircles(groupsByDn);
  if (nameless > 0) host.log.warning(`${nameless} entries of ${settings.url} have no name and were left out`);

  return [
    ...[...groupsByDn].map(([dn, { entry, name }]) =>
      entityOf(
        settings,
        'Group',
        { entry, name, shown: groupAttribute },
        {
          type: 'team',
          children: children.get(dn)!.map((child) => groupsByDn.get(child)!.ref),
        },
      ),
    ),
    ...persons.map(({ entry, name, memberOf }) =>
      entityOf(
        settings,
        'User',
        { entry, name, shown: nameAttribute },
        {
          memberOf: [...memberOf].flatMap((dn) => groupsByDn.get(dn)?.ref ?? []),
        },
      ),
    ),
  ];
}

const directoriesOf = (configuration: JsonObject): SourceSettings[] =>
  ((configuration['directories'] ?? []) as JsonObject[]).map(sourceSettingsOf);

/** Reads all directories whole before anything is given: half of the people would look like a loss. */
export function createPeople(host: Host): Source {
  let kept: JsonObject[] = [];
  return async ({ cursor }) => {
    const begin = Number(cursor ?? 0);
    if (begin === 0) {
      kept = [];
      for (const settings of directoriesOf(host.configuration)) kept.push(...(await read(host, settings)));
    }
    if (begin > kept.length) throw new Error('the reading was interrupted by a restart; it is begun again');
    const end = begin + perPage;
    const entities = kept.slice(begin, end);
    if (end < kept.length) return { entities, cursor: String(end) };
    kept = [];
    return { entities };
  };
}

/** Looks at each directory of a form: whether it can be read, and what is in it. */
export async function testDirectories(host: Host, configuration: JsonObject, signal: AbortSignal): Promise<Tested> {
  const items: Tested['items'] = [];
  for (const given of (configuration['directories'] ?? []) as JsonObject[]) {
    signal.throwIfAborted();
    const title = typeof given['url'] === 'string' ? given['url'] : 'A directory';
    try {
      const found = await read(host, sourceSettingsOf(given));
      const groups = found.filter((entity) => entity['kind'] === 'Group').length;
      const people = found.length - groups;
      items.push({
        title,
        state: people === 0 ? 'warning' : 'good',
        message: `${people} people, ${groups} groups`,
        ...(people === 0 && { fix: 'Look at where people stand, the filter and the attribute of their name.' }),
      });
    } catch (error) {
      items.push({
        title,
        state: 'bad',
        message: (error as Error).message.slice(0, 300),
        fix: 'Check address, certificate, account and password.',
      });
    }
  }
  return { items };
}
