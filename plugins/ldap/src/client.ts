import { Client, type Entry, ResultCodeError } from 'ldapts';
import type { Connection } from './settings.ts';

/** For each question; people wait for the answer. */
export const timeLimit = 4_000;

const connect = (settings: Connection) =>
  new Client({
    url: settings.url,
    timeout: timeLimit,
    connectTimeout: timeLimit,
    ...(settings.url.startsWith('ldaps:') && settings.certificates
      ? { tlsOptions: { ca: settings.certificates } }
      : {}),
  });

/** Opens a connection, secures it when that is asked for, and closes it whatever happens. */
export async function withClient<R>(settings: Connection, work: (client: Client) => Promise<R>): Promise<R> {
  const client = connect(settings);
  try {
    if (settings.startTls)
      await client.startTLS({
        servername: new URL(settings.url).hostname,
        ...(settings.certificates && { ca: settings.certificates }),
      });
    return await work(client);
  } finally {
    await client.unbind().catch(() => undefined);
  }
}

/** The first value of an attribute, however its name is written. */
export const first = (entry: Entry, attribute: string): string | undefined => {
  const found = Object.entries(entry).find(([name]) => name.toLowerCase() === attribute.toLowerCase())?.[1];
  const value = [found].flat()[0];
  const text = Buffer.isBuffer(value) ? value.toString('utf8') : value;
  return text === undefined || text === '' ? undefined : text;
};

/** What names somebody for good: names and places in the tree change. */
export const permanent = ['entryUUID', 'objectGUID', 'nsUniqueId', 'ipaUniqueID'];

/** What stays of an entry when its name changes. */
export function subjectOf(entry: Entry): string {
  for (const attribute of permanent) {
    const value = [entry[attribute]].flat()[0];
    if (Buffer.isBuffer(value)) return value.toString('hex');
    if (typeof value === 'string' && value !== '') return value;
  }
  return entry.dn.toLowerCase();
}

/** Binds as the portal's own account, or as nobody where the directory lets everybody read. */
export async function bindAsPortal(client: Client, settings: Connection): Promise<void> {
  if (settings.bindDn === undefined) return;
  try {
    await client.bind(settings.bindDn, settings.bindPassword ?? '');
  } catch (error) {
    // A directory that cannot be reached has refused nobody.
    if (!(error instanceof ResultCodeError)) throw error;
    // Told apart from a wrong password of the person: somebody must correct the configuration.
    throw new Error(`the directory refuses the account of settings.bindDn: ${(error as Error).message.slice(0, 200)}`, {
      cause: error,
    });
  }
}
