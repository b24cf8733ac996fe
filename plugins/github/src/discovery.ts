import { createHash } from 'node:crypto';
import type { Source } from '@callboard/plugin-api';
import type { Heads } from './heads.ts';
import type { Settings } from './hosts.ts';
import type { Listing } from './listing.ts';
import { descriptorOf, isWanted } from './repositories.ts';

/** The repositories of the organisations, as locations of their descriptors. One organisation is one page: half of it would look like a loss. */
export function createDiscovery({ hosts, organizations }: Settings, listing: Listing, heads: Heads): Source {
  const wanted = organizations.filter(({ repositories }) => repositories);
  return async ({ cursor = '0' }, { signal }) => {
    const index = Number(cursor);
    const organization = wanted[index];
    if (!organization) return { entities: [] };
    const target = hosts.find(({ host }) => host === organization.host);
    if (!target)
      throw new Error(`organizations: ${organization.name} is on ${organization.host}, which is not among the hosts`);
    const all = await listing.read(target, organization, signal);
    const found = all.filter((repository) => isWanted(repository, organization));
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
      ...(index + 1 < wanted.length && { cursor: String(index + 1) }),
    };
  };
}
