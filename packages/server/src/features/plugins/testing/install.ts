import type { TestPortal } from '../../../testing/portal.ts';

/**
 * Uploads a package and installs it, as Admin does.
 *
 * @param more - what the administrator gives besides, such as grants and a configuration
 * @throws Error with the portal's answer where the package is not taken
 */
export async function installPlugin(portal: TestPortal, tarball: Uint8Array, more: object = {}) {
  const staged = await fetch(`${portal.url}/api/admin/plugins/staged/upload`, {
    method: 'POST',
    headers: { 'content-type': 'application/gzip' },
    body: new Uint8Array(tarball),
  });
  const answer = (await staged.json()) as { sha256?: string };
  if (answer.sha256 === undefined) throw new Error(`The package was not taken: ${JSON.stringify(answer)}`);
  return portal.send('POST', '/api/admin/plugins', { sha256: answer.sha256, ...more });
}
