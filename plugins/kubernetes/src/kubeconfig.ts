import type { HostTls } from '@callboard/plugin-api';
import { parse } from 'yaml';
import type { Raw } from './model.ts';

export type Access = { url: string; token?: string; tls: HostTls };

const pem = (base64: unknown): string | undefined =>
  typeof base64 === 'string' && base64 !== '' ? Buffer.from(base64, 'base64').toString('utf8') : undefined;
const flatten = 'Paste what `kubectl config view --raw --flatten --minify` prints: it has everything in it.';
const refuse = (message: string, fix: string) => Object.assign(new Error(message), { fix });
const named = (entries: unknown, name: string): Raw | undefined =>
  Array.isArray(entries) ? entries.find((entry: Raw) => entry?.name === name) : undefined;

/**
 * What a kubeconfig says of one context.
 *
 * @param text - of the file
 * @param context - its current one when absent
 * @throws Error with a `fix`, for what cannot be used: programs that make tokens, and files of another machine
 */
export function readKubeconfig(text: string, context?: string): Access {
  let given: Raw;
  try {
    given = parse(text) as Raw;
  } catch (error) {
    throw refuse(`the kubeconfig is no YAML: ${(error as Error).message.split('\n')[0]}`, flatten);
  }
  if (typeof given !== 'object' || given === null || !Array.isArray(given.clusters))
    throw refuse('the kubeconfig has no clusters', flatten);
  const name = context ?? String(given['current-context'] ?? '');
  const found = named(given.contexts, name)?.context as Raw | undefined;
  if (!found) {
    const names = (Array.isArray(given.contexts) ? given.contexts : []).map((each: Raw) => each.name).join(', ');
    throw refuse(
      name === '' ? 'the kubeconfig has no current context' : `the kubeconfig has no context ${name}`,
      `Set context to one of: ${names || 'there is none in it'}.`,
    );
  }
  const cluster = named(given.clusters, String(found.cluster))?.cluster as Raw | undefined;
  if (typeof cluster?.server !== 'string')
    throw refuse(`the kubeconfig says no address for the cluster of the context ${name}`, flatten);
  const user = (named(given.users, String(found.user))?.user ?? {}) as Raw;
  if (user.exec ?? user['auth-provider'])
    throw refuse(
      `the user of the context ${name} gets tokens from the program ${String(user.exec?.command ?? user['auth-provider']?.name)}, which a portal does not run`,
      'Make a service account for the portal and use its token.',
    );
  for (const key of ['client-certificate', 'client-key', 'tokenFile'])
    if (user[key] !== undefined && user[`${key}-data`] === undefined && user.token === undefined)
      throw refuse(`the kubeconfig names a file for ${key}`, flatten);
  if (cluster['certificate-authority'] !== undefined && cluster['certificate-authority-data'] === undefined)
    throw refuse('the kubeconfig names a file for the certificate authority', flatten);
  return {
    url: cluster.server,
    ...(typeof user.token === 'string' && { token: user.token }),
    tls: {
      ca: pem(cluster['certificate-authority-data']),
      cert: pem(user['client-certificate-data']),
      key: pem(user['client-key-data']),
      serverName: typeof cluster['tls-server-name'] === 'string' ? cluster['tls-server-name'] : undefined,
      insecure: cluster['insecure-skip-tls-verify'] === true,
    },
  };
}
