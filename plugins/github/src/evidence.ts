import { placeOf } from './address.ts';
import { type GithubHost, hostFor } from './hosts.ts';

/** The entity as far as evidence goes. */
type Described = { metadata: { annotations?: Record<string, string>; links?: { url: string }[] } };
export type Evidence = { target: GithubHost; owner: string; repository: string; from: string };

const slug = 'github.com/project-slug';
const addresses = [
  'backstage.io/source-location',
  'backstage.io/managed-by-location',
  'backstage.io/managed-by-origin-location',
  'backstage.io/techdocs-ref',
  'backstage.io/view-url',
  'backstage.io/edit-url',
];

/** The repository of an entity: the one its annotation names, else the one that an address of it lies in. */
export function evidenceOf({ metadata }: Described, hosts: readonly GithubHost[]): Evidence | undefined {
  const { annotations = {}, links = [] } = metadata;
  const found = (url: string | undefined, from: string): Evidence | undefined => {
    const address = url?.replace(/^(?:url|dir):(?=https?:)/, '') ?? '';
    const target = hostFor(hosts, address);
    const place = target && placeOf(address);
    return place && { target, owner: place.owner, repository: place.repository, from };
  };
  const fromAddresses = () => {
    for (const key of addresses) {
      const evidence = found(annotations[key], `the annotation ${key}`);
      if (evidence) return evidence;
    }
    for (const { url } of links) {
      const evidence = found(url, `the link to ${url}`);
      if (evidence) return evidence;
    }
    return undefined;
  };
  const [owner, repository, ...rest] = (annotations[slug] ?? '').split('/');
  if (!owner || !repository || rest.length > 0) return fromAddresses();
  // The annotation names no host: the one that the entity comes from, else the first.
  const target = fromAddresses()?.target ?? hosts.find(({ host }) => host === 'github.com') ?? hosts[0];
  return target && { target, owner, repository, from: `the annotation ${slug}` };
}
