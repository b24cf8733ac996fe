import type { Host, Identity, SignIn } from '@callboard/plugin-api';
import { type Client, Filter, InvalidCredentialsError } from 'ldapts';
import { bindAsPortal, first, permanent, subjectOf, timeLimit, withClient } from './client.ts';
import { type Settings, settingsOf } from './settings.ts';

const deepest = 10;
const mostGroups = 500;

const filled = (filter: string, word: string, value: string) => filter.replaceAll(word, () => Filter.escape(value));

/** The names of all groups of somebody, those in which their groups are included. */
async function groupsOf(client: Client, settings: Settings, dn: string): Promise<string[]> {
  if (settings.groupBase === undefined) return [];
  const names = new Map<string, string>();
  let members = [dn];
  for (let depth = 0; members.length > 0 && depth < deepest && names.size < mostGroups; depth += 1) {
    const filter =
      settings.nested === 'rule'
        ? `(member:1.2.840.113556.1.4.1941:=${Filter.escape(dn)})`
        : members.length === 1
          ? filled(settings.groupFilter, '{dn}', members[0]!)
          : `(|${members.map((member) => filled(settings.groupFilter, '{dn}', member)).join('')})`;
    const { searchEntries } = await client.search(settings.groupBase, {
      scope: 'sub',
      filter,
      attributes: [settings.groupAttribute],
      sizeLimit: mostGroups,
      timeLimit: timeLimit / 1000,
    });
    const fresh = searchEntries.filter((entry) => !names.has(entry.dn.toLowerCase()));
    for (const entry of fresh) names.set(entry.dn.toLowerCase(), first(entry, settings.groupAttribute) ?? entry.dn);
    members = settings.nested === 'search' ? fresh.slice(0, 50).map((entry) => entry.dn) : [];
  }
  return [...names.values()].toSorted();
}

async function verify(settings: Settings, username: string, password: string): Promise<Identity | null> {
  // A bind without a password succeeds for every name and proves nothing.
  if (password === '' || username === '' || username.length > 256) return null;
  const person = await withClient(settings, async (client) => {
    await bindAsPortal(client, settings);
    const { searchEntries } = await client.search(settings.userBase, {
      scope: 'sub',
      filter: filled(settings.userFilter, '{username}', username),
      attributes: [settings.usernameAttribute, settings.nameAttribute, settings.emailAttribute, ...permanent],
      explicitBufferAttributes: ['objectGUID'],
      sizeLimit: 2,
      timeLimit: timeLimit / 1000,
    });
    return searchEntries.length === 1 ? searchEntries[0]! : undefined;
  });
  const proved = await withClient(settings, async (client) => {
    try {
      // For nobody the directory is asked as well: the time of the answer must not tell who exists.
      await client.bind(person?.dn ?? `uid=nobody,${settings.userBase}`, password);
      return person !== undefined;
    } catch (error) {
      if (person === undefined || error instanceof InvalidCredentialsError) return false;
      throw error;
    }
  });
  if (!proved || person === undefined) return null;
  const groups = await withClient(settings, async (client) => {
    await bindAsPortal(client, settings);
    return groupsOf(client, settings, person.dn);
  });
  return {
    subject: subjectOf(person),
    username: first(person, settings.usernameAttribute) ?? username,
    name: first(person, settings.nameAttribute),
    email: first(person, settings.emailAttribute),
    groups,
  };
}

/** Name and password are checked by a bind; nothing of them is kept. */
export function createSignIn(host: Host): SignIn {
  return {
    async verify({ settings: given, username, password }) {
      const settings = settingsOf(given);
      await host.announce(settings.url);
      return verify(settings, username, password);
    },
  };
}
