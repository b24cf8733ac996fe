import { createHash } from 'node:crypto';
import type { Source } from '@callboard/plugin-api';
import type { Heads } from './heads.ts';
import type { Settings } from './hosts.ts';
import type { Listing } from './listing.ts';
import { descriptorOf, isWanted } from './repositories.ts';

/** So many entities are one answer. */
const pageSize = 2_000;

/** The repositories of the organisations, as locations of their descriptors. The cursor is an organisation and a place in its list. */
export function createDiscovery({ hosts, organizations }: Settings, listing: Listing, heads: Heads): Source {
  const wanted = organizations.filter(({ repositories }) => repositories);
  return async ({ cursor = '0 0' }, { signal }) => {
    const [index = 0, offset = 0] = cursor.split(' ').map(Number);
    const organization = wanted[index];
    if (!organization) return { entities: [] };
    const target = hosts.find(({ host }) => host === organization.host);
    if (!target)
      throw new Error(`organizations: ${organization.name} is on ${organization.host}, which is not among the hosts`);
    const read = () => listing.read(target, organization, signal);
    const all = offset > 0 ? (listing.known(organization) ?? (await read())) : await read();
    if (!all) return { entities: [], cursor };
    const wholeList = all.filter((repository) => isWanted(repository, organization));
    const found = wholeList.slice(offset, offset + pageSize);
    const isMore = offset + pageSize < wholeList.length;
    const next = isMore ? `${index} ${offset + pageSize}` : index + 1 < wanted.length ? `${index + 1} 0` : undefined;
    for (const { owner, name, defaultBranch, head, blob } of found) {
      const place = { owner, repository: name };
      const known = heads.learn(target.host, place, organization.branch ?? defaultBranch, head!);
      known.files.set(organization.path, blob!);
    }
    return {
      entities: found.map((repository) => {
        const address = descriptorOf(repository, organization);
        return {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Location',
          metadata: {
            // The name that a location of this address has everywhere.
            name: `generated-${createHash('sha1').update(`url:${address}`).digest('hex')}`,
            title: `${repository.owner}/${repository.name}`,
            annotations: {
              'github.com/project-slug': `${repository.owner}/${repository.name}`,
              'backstage.io/view-url': address,
            },
          },
          spec: { type: 'url', target: address },
        };
      }),
      ...(next !== undefined && { cursor: next }),
    };
  };
}
