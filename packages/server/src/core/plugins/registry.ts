import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '@callboard/model';
import { compareVersions, satisfiesRange } from '@callboard/model/plugins';
import type { Outbound } from '../outbound/index.ts';
import { archiveLimits } from './archive.ts';
import { pluginErrors } from './errors.ts';
import { readPackage } from './package.ts';

export type Found = { tarball: Uint8Array; origin: string };
export type RegistryOptions = { outbound: Outbound; registry?: string; token?: string; folder?: string };

const wanted = (spec: string) => {
  const match = /^((?:@[a-z0-9._~-]+\/)?[a-z0-9._~-]+)(?:@(.+))?$/i.exec(spec);
  if (!match) throw pluginErrors.registry({ name: spec.slice(0, 100), reason: 'that is no name of a package' });
  return { name: match[1]!, range: match[2] };
};

const text = (value: unknown) => (typeof value === 'string' ? value : '');

const newest = (versions: string[], range: string) =>
  versions
    .filter((version) => version === range || satisfiesRange(version, range))
    .filter((version) => range.includes('-') || !version.includes('-'))
    .sort(compareVersions)
    .at(-1);

/** Looks through a folder of tarballs for a package name or a plugin id. */
async function fromFolder(folder: string, spec: string): Promise<Found | undefined> {
  const { name, range = '*' } = wanted(spec);
  const names = (await readdir(folder).catch(() => [])).filter((file) => /\.(tgz|tar\.gz)$/.test(file)).slice(0, 1000);
  const fits: { version: string; found: Found }[] = [];
  for (const file of names) {
    const tarball = await readFile(join(folder, file));
    try {
      const { manifest, files } = readPackage(tarball);
      const packageName = JSON.parse(files.get('package.json')?.toString('utf8') ?? '{}').name;
      if (name === manifest.id || name === packageName)
        fits.push({ version: manifest.version, found: { tarball, origin: `plugins.folder ${file}` } });
    } catch {
      // Other files may lie there, too.
    }
  }
  const version = newest(
    fits.map((fit) => fit.version),
    range,
  );
  return fits.find((fit) => fit.version === version)?.found;
}

/** Checks a tarball against what the registry says of it: `integrity` by Subresource Integrity, else the SHA-1 of old packages. */
function assertIntegrity(name: string, tarball: Uint8Array, dist: JsonObject): void {
  const [, algorithm, expected] = /^(sha512|sha384|sha256)-([A-Za-z0-9+/=]+)/.exec(text(dist['integrity'])) ?? [];
  const [hash, form, right] =
    algorithm !== undefined
      ? ([algorithm, 'base64', expected] as const)
      : (['sha1', 'hex', text(dist['shasum'])] as const);
  const found = createHash(hash).update(tarball).digest(form);
  if (found !== right) throw pluginErrors.integrity({ name, expected: right || 'nothing', found });
}

/** Finds packages by name in a folder of tarballs, in a registry that speaks npm's protocol, or at an address. */
export function createPackageFinder({ outbound, registry, token, folder }: RegistryOptions) {
  const ask = async (url: string, accept: string, origin: string) => {
    const isRegistry = registry !== undefined && new URL(url).origin === new URL(registry).origin;
    const { body } = await outbound.request(url, {
      purpose: 'plugin registry',
      maxBytes: archiveLimits.packed,
      headers: { accept, ...(token && isRegistry ? { authorization: `Bearer ${token}` } : {}) },
    });
    if (!body) throw pluginErrors.registry({ name: origin, reason: 'the answer is empty' });
    return body;
  };

  async function fromRegistry(spec: string): Promise<Found> {
    const { name, range } = wanted(spec);
    if (registry === undefined)
      throw pluginErrors.registry({
        name,
        reason: `it is not in plugins.folder, and plugins.registry is not configured`,
      });
    const address = `${registry.replace(/\/$/, '')}/${name.replace('/', '%2f')}`;
    const answer = Buffer.from(await ask(address, 'application/vnd.npm.install-v1+json, application/json', name));
    let document: unknown;
    try {
      document = JSON.parse(answer.toString('utf8'));
    } catch {
      throw pluginErrors.registry({ name, reason: 'the registry answered with something else than JSON' });
    }
    const versions = isJsonObject(document) && isJsonObject(document['versions']) ? document['versions'] : {};
    const tags = isJsonObject(document) && isJsonObject(document['dist-tags']) ? document['dist-tags'] : {};
    const tagged = tags[range ?? 'latest'];
    const version = typeof tagged === 'string' ? tagged : newest(Object.keys(versions), range ?? '*');
    const entry = version === undefined ? undefined : versions[version];
    const dist = isJsonObject(entry) && isJsonObject(entry['dist']) ? entry['dist'] : undefined;
    if (!dist || typeof dist['tarball'] !== 'string')
      throw pluginErrors.registry({ name, reason: `it has no version ${range ?? 'at all'}` });
    const tarball = await ask(dist['tarball'], 'application/octet-stream', name);
    assertIntegrity(`${name}@${version}`, tarball, dist);
    return { tarball, origin: `${name}@${version} of ${new URL(registry).host}` };
  }

  return {
    byName: async (spec: string): Promise<Found> =>
      (folder === undefined ? undefined : await fromFolder(folder, spec)) ?? (await fromRegistry(spec)),
    byUrl: async (url: string): Promise<Found> => ({
      tarball: await ask(url, 'application/octet-stream', url),
      origin: url.replace(/\/\/[^/@]*@/, '//').replace(/\?.*$/, ''),
    }),
  };
}
