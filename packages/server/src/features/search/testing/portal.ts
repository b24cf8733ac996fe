import { fileURLToPath } from 'node:url';
import type { DatabasePlace } from '../../../testing/databases.ts';
import { eventually, type Files, testPortal, type TestPortal } from '../../../testing/portal.ts';

const company = fileURLToPath(new URL('../../../../../../examples/company', import.meta.url));

/** Waits until the index has taken in everything that has happened. */
export const indexed = (portal: TestPortal): Promise<void> =>
  eventually(async () => {
    const { body } = await portal.get('/api/search/status');
    if (body.behind > 0 || body.builtAt === undefined || body.building) throw new Error(JSON.stringify(body));
  }, 50_000);

/** A portal whose index is up to date: over the example company, or over files of its own. */
export async function searchPortal(options: { place: DatabasePlace; files?: Files }): Promise<TestPortal> {
  const config = `catalog:\n  locations:\n    - { type: file, target: ${JSON.stringify(company)} }\n`;
  const portal = await testPortal(options.files ? options : { place: options.place, config });
  await indexed(portal);
  return portal;
}

/** What a query answers. */
export async function query(portal: TestPortal, term: string, parameters = ''): Promise<any> {
  const { body, status } = await portal.get(`/api/search/query?term=${encodeURIComponent(term)}${parameters}`);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** The keys of the results of a query, the best first. */
export const keysOf = async (portal: TestPortal, term: string, parameters = ''): Promise<string[]> =>
  (await query(portal, term, parameters)).results.map((result: { key: string }) => result.key);

/** A descriptor of a component. */
export const component = (name: string, more: { metadata?: string; spec?: string } = {}): string =>
  `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
${more.metadata ?? ''}
spec:
  type: service
  lifecycle: production
  owner: team-a
${more.spec ?? ''}
---
`;
