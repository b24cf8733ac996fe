import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPages } from '@callboard/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, formatFault, loadConfig } from '../../core/config/index.ts';
import { forEachDatabase } from '../../testing/databases.ts';
import { type TestPortal, testPortal } from '../../testing/portal.ts';
import { catalogSection } from './config.ts';

function faultsOf(text: string): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'callboard-pages-'));
  writeFileSync(join(directory, 'callboard.yaml'), text);
  try {
    loadConfig({ env: {}, workingDirectory: directory, sections: [{ owner: 'catalog', schema: catalogSection }] });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map((fault) =>
      formatFault({ ...fault, file: 'callboard.yaml' }).replace(/^.*callboard/, 'callboard'),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const page = (lines: string) => `catalog:\n  pages:\n    - kind: component\n${lines}\n`;

describe('catalog.pages', () => {
  test('takes cards and tabs in every way of writing', () => {
    expect(
      faultsOf(
        page(`      type: [service, website]
      when: { annotation: [a/b, c/d], field: spec.tier }
      tabs: [overview, { tab: relations, label: Dependencies }, { tab: runbook, label: Runbook, cards: [links] }, more, ci:runs]
      cards:
        - owner
        - { card: links, title: Where to go, width: half, when: { tag: go } }
        - { width: third, cards: [about, ci:runs] }`),
      ),
    ).toEqual([]);
  });

  test('says which card was meant, with its line', () => {
    expect(faultsOf(page('      cards: [owner, heatlh]'))).toEqual([
      expect.stringMatching(
        /^callboard\.yaml:4:22 {2}catalog\.pages\[0\]\.cards\[1\]: expected a card: problems, owner,.*found "heatlh"\n {4}Did you mean "health"\?$/,
      ),
    ]);
    expect(faultsOf(page('      cards:\n        - { card: abuot }'))[0]).toMatch(
      /^callboard\.yaml:5:.*cards\[0\]\.card: .*\n {4}Did you mean "about"\?$/,
    );
    expect(faultsOf(page('      cards:\n        - { width: third, cards: [lables] }'))[0]).toMatch(
      /^callboard\.yaml:5:.*cards\[0\]\.cards\[0\]: .*\n {4}Did you mean "labels"\?$/,
    );
  });

  test('says which tab, width or condition was meant', () => {
    expect(faultsOf(page('      tabs: [overview, relation]'))[0]).toMatch(
      /^callboard\.yaml:4:.*\n {4}Did you mean "relations"\?$/,
    );
    expect(faultsOf(page('      cards:\n        - { card: owner, width: halve }'))[0]).toMatch(
      /^callboard\.yaml:5:.*\n {4}Did you mean "half"\?$/,
    );
    expect(faultsOf(page('      when: { anotation: x }'))[0]).toMatch(
      /^callboard\.yaml:4:.*\n {4}Did you mean "annotation"\?$/,
    );
  });
});

const config = `catalog:
  locations: [{ type: file, target: ./catalog }]
  pages:
    - kind: api
      cards: [call, { card: owner, width: full }]
`;
const definition = `openapi: 3.1.0 # ${'x'.repeat(5000)}`;
const files = {
  'catalog/catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: tides, description: "${'d'.repeat(3000)}" }
spec: { type: openapi, lifecycle: production, owner: harbour, definition: "${definition}" }
`,
};

forEachDatabase((_dialect, { place }) => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await testPortal({ place: await place(), files, config });
  });
  afterAll(async () => portal.stop());

  test('pages are those of the configuration, then the ones that come with the portal; unchanged ones are not sent again', async () => {
    const { status, body, headers } = await portal.get('/api/catalog/pages');
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [{ kind: 'api', cards: ['call', { card: 'owner', width: 'full' }] }, ...defaultPages],
    });
    const again = await fetch(`${portal.url}/api/catalog/pages`, {
      headers: { 'if-none-match': headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });

  test('an entity is to be had without its long texts', async () => {
    const path = '/api/catalog/entities/by-name/api/default/tides';
    const whole = (await portal.get(path)).body;
    expect(whole.spec.definition).toBe(definition);
    const short = (await portal.get(`${path}?longest=20`)).body;
    expect(short).toEqual({ ...whole, spec: { ...whole.spec, definition: `${definition.slice(0, 20)}…` } });
    expect((await portal.get(`${path}?longest=0`)).status).toBe(400);
  });
});
