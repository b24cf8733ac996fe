import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { test } from './support/browser.ts';
import { component, temporaryFolder, writeFiles } from './support/files.ts';
import { startPortal, type Portal } from './support/portal.ts';

/** A pod that runs, in the words of an API server. */
const pod = {
  metadata: { name: 'payments-1', namespace: 'shop', uid: 'p1', labels: { 'app.kubernetes.io/name': 'payments' } },
  spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'acme/payments:1.2.0' }] },
  status: { phase: 'Running', containerStatuses: [{ name: 'main', ready: true, restartCount: 0, state: {} }] },
};

describe('the log of a container', () => {
  let portal: Portal;
  let server: Server;
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  /** Who reads the log */
  const logs: ServerResponse[] = [];
  const written = ['2026-01-01T00:00:01Z up'];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://cluster');
      if (pathname.endsWith('/log')) {
        logs.push(response.writeHead(200, { 'content-type': 'text/plain' }));
        return void response.write(written.map((line) => `${line}\n`).join(''));
      }
      response.setHeader('content-type', 'application/json');
      if (searchParams.has('watch')) return response.flushHeaders();
      const items = pathname.endsWith('/pods') ? [pod] : [];
      response.end(JSON.stringify({ metadata: { resourceVersion: '1' }, items }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    temporary = await temporaryFolder();
    await writeFiles(temporary.folder, {
      'catalog-info.yaml': component('payments'),
      'callboard.yaml': JSON.stringify({
        catalog: { locations: [{ type: 'file', target: './catalog-info.yaml' }] },
        plugins: { settings: { kubernetes: { clusters: [{ name: 'eu', url, token: 'sesame' }] } } },
      }),
    });
    portal = await startPortal({ cwd: temporary.folder, args: ['--config', 'callboard.yaml'] });
  });
  afterAll(async () => {
    await portal?.stop();
    server?.closeAllConnections();
    server?.close();
    await temporary?.remove();
  });

  test('grows line by line, says when it breaks off, and goes on', async ({ page }) => {
    await page.goto(`${portal.url}/catalog/default/component/payments/kubernetes:kubernetes`);
    const panel = page.getByRole('region', { name: 'Logs' });
    await panel.getByLabel('Container').selectOption({ index: 1 });
    const log = panel.getByRole('group', { name: 'Log' });
    await log.scrollIntoViewIfNeeded();
    await expect.poll(() => log.textContent()).toContain('up');
    await panel.getByText('Followed', { exact: true }).waitFor();
    written.push('2026-01-01T00:00:02Z ERROR no database');
    logs.at(-1)!.write(`${written[1]}\n`);
    await log.getByText('ERROR no database').waitFor();
    // The page was opened here: nothing else has brought the styles of what plugins draw.
    expect(await log.evaluate((element) => getComputedStyle(element).overflowY)).toBe('auto');
    await expectAccessible(page);

    logs.at(-1)!.destroy();
    // The portal says what happened; what stands is kept.
    await panel.getByText('Not read').waitFor();
    expect(await log.textContent()).toContain('ERROR no database');
    written.push('2026-01-01T00:00:03Z up again');
    await panel.getByRole('button', { name: 'Follow' }).click();
    await log.getByText('up again').waitFor();
    expect((await log.textContent())!.match(/no database/g)).toHaveLength(1);
    logs.at(-1)!.end();
    await panel.getByText('The container has ended').waitFor();
  });
});
