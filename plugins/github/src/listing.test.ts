import { expect, test } from 'vitest';
import type { Client } from './client.ts';
import { settingsOf } from './hosts.ts';
import { createListing } from './listing.ts';

test('a long list is read in several goes, each within the time that a source has', async () => {
  const file = { 'integrations.github': [{ token: 't' }] };
  const { hosts, organizations } = settingsOf({ organizations: [{ organization: 'acme' }] }, file);
  let clock = 1_000_000;
  const cursors: unknown[] = [];
  const graphql: Client['graphql'] = async (_target, _query, { cursor }) => {
    clock += 10_000;
    cursors.push(cursor);
    const start = Number(cursor ?? 0);
    const nodes = [{ name: `repo-${start}`, head: { oid: 'a' }, file: { oid: 'b' } }];
    const pageInfo = { hasNextPage: start < 6, endCursor: String(start + 1) };
    return { repositoryOwner: { repositories: { totalCount: 7, pageInfo, nodes } } };
  };
  const listing = createListing({ graphql } as Client, () => clock);
  const read = () => listing.read(hosts[0]!, organizations[0]!);
  expect([await read(), await read()]).toEqual([undefined, undefined]);
  expect(await read()).toHaveLength(7);
  expect(cursors).toEqual([null, '1', '2', '3', '4', '5', '6']);
  listing.forget();
  cursors.splice(0);
  await read();
  clock += 3_600_000;
  await read();
  // What was read an hour ago is read again.
  expect(cursors).toEqual([null, '1', '2', null, '1', '2']);
});
