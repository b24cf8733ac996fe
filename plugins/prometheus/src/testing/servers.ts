import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A program that runs for a test. */
type Running = { url: string; stop: () => Promise<void> };

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

/** Asks until an answer is as wanted. */
export async function poll<T>(look: () => Promise<T | undefined>, what: string, limitMs = 60_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what} did not come`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/**
 * The command for a program that may be unpacked rather than installed: Debian's looks for its files in /usr/share, which in a name space of
 * its own is the one beside it.
 */
function commandFor(program: string): string[] {
  const share = join(dirname(dirname(program)), 'share');
  if (share === '/usr/share' || !existsSync(share)) return [program];
  return ['unshare', '-rm', 'sh', '-c', 'mount --bind "$0" /usr/share && exec "$@"', share, program];
}

/** Starts a program that listens, and waits until it answers. */
async function start(program: string, ready: string, argumentsFor: (address: string) => string[]): Promise<Running> {
  const address = `127.0.0.1:${await freePort()}`;
  const [command = '', ...first] = commandFor(program);
  const child: ChildProcess = spawn(command, [...first, ...argumentsFor(address)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-3000)));
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  // A test that is interrupted must leave nothing behind.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  const url = `http://${address}`;
  await poll(async () => {
    if (child.exitCode !== null) return true;
    return (await fetch(url + ready)).ok || undefined;
  }, `${program}: ${said}`);
  if (child.exitCode !== null) throw new Error(`${program} ended at its start: ${said}`);
  return {
    url,
    async stop() {
      child.kill('SIGKILL');
      await gone;
      process.off('exit', end);
    },
  };
}

/**
 * Three hours and a bit of a service that answers 10.5 requests a second, of which 0.5 fail, up to now, or some minutes ahead: VictoriaMetrics
 * does not extrapolate, so that a test which runs over a minute would see less.
 */
function historyOf(minutesAhead = 0): { openMetrics: string; lines: string } {
  const counters: [name: string, labels: string, perSecond: number][] = [
    ['http_requests', 'job="shop/payments",service="payments",code="200"', 10],
    ['http_requests', 'job="shop/payments",service="payments",code="500"', 0.5],
    ['process_cpu_seconds', 'job="shop/payments",service="payments"', 0.25],
  ];
  const buckets: [le: string, perSecond: number][] = [
    ['0.1', 9.5],
    ['0.5', 10],
    ['+Inf', 10],
  ];
  const until = (Math.floor(Date.now() / 60_000) + minutesAhead) * 60;
  const times = Array.from({ length: 220 }, (_, index) => until - (219 - index) * 60);
  const rows = (write: (at: number) => string) => times.map(write).join('\n');
  const counted = (at: number, perSecond: number) => (at - times[0]! + 60) * perSecond;
  const families = [...new Set(counters.map(([name]) => name))].map((name) =>
    [
      `# TYPE ${name} counter`,
      ...counters
        .filter(([own]) => own === name)
        .map(([, labels, rate]) => rows((at) => `${name}_total{${labels}} ${counted(at, rate)} ${at}`)),
    ].join('\n'),
  );
  const histogram = buckets.map(([le, rate]) =>
    rows((at) => `http_request_duration_seconds_bucket{service="payments",le="${le}"} ${counted(at, rate)} ${at}`),
  );
  const count = rows((at) => `http_request_duration_seconds_count{service="payments"} ${counted(at, 10)} ${at}`);
  const openMetrics = `${[...families, '# TYPE http_request_duration_seconds histogram', ...histogram, count].join('\n')}\n# EOF\n`;
  const lines = openMetrics
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/(\d+)$/, '$1000'))
    .join('\n');
  return { openMetrics, lines };
}

const rules = `groups:
- name: shop
  rules:
  - { alert: TooManyErrors, expr: vector(1), labels: { severity: page, service: payments }, annotations: { summary: Payments fail, runbook_url: 'https://runbooks.example.com/payments' } }
  - { alert: DiskFillsUp, expr: vector(1), for: 2h, labels: { severity: ticket, job: shop/payments }, annotations: { summary: The disk fills up } }
  - { alert: Hushed, expr: vector(1), labels: { severity: page, service: payments }, annotations: { description: Known for long } }
  - { alert: OrdersAreLate, expr: vector(1), labels: { service: orders } }
  - { alert: NeverTrue, expr: vector(0) > 1, labels: { service: payments } }
`;

/** Makes a folder and starts servers in it; both go at the end, and when not everything started. */
async function inFolder<T>(
  begin: (folder: string, keep: (server: Running) => Running) => Promise<T>,
): Promise<T & { stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'callboard-monitoring-'));
  const servers: Running[] = [];
  const stop = async () => {
    for (const server of servers.toReversed()) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const begun = await begin(folder, (server) => {
      servers.push(server);
      return server;
    });
    return { ...begun, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Prometheus and Alertmanager with the history, and alerts in every state. */
export const startPrometheus = (programs: { prometheus: string; promtool: string; alertmanager: string }) =>
  inFolder(async (folder, keep) => {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const history = file('history.txt', historyOf().openMetrics);
    const made = spawnSync(
      programs.promtool,
      ['tsdb', 'create-blocks-from', 'openmetrics', history, join(folder, 'data')],
      {
        encoding: 'utf8',
      },
    );
    if (made.status !== 0) throw new Error(`promtool: ${made.stderr}`);
    const routes = file('alertmanager.yml', 'route: { receiver: none, group_wait: 0s }\nreceivers: [{ name: none }]\n');
    const manager = keep(
      await start(programs.alertmanager, '/-/ready', (address) => [
        `--config.file=${routes}`,
        `--storage.path=${folder}/alertmanager`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
      ]),
    );
    const config = file(
      'prometheus.yml',
      `global: { evaluation_interval: 250ms, external_labels: { cluster: one } }
alerting: { alertmanagers: [{ static_configs: [{ targets: ['${new URL(manager.url).host}'] }] }] }
rule_files: [${file('rules.yml', rules)}]
`,
    );
    const server = keep(
      await start(programs.prometheus, '/-/ready', (address) => [
        `--config.file=${config}`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=${address}`,
        '--rules.alert.resend-delay=100ms',
      ]),
    );
    const now = Date.now();
    await fetch(`${manager.url}/api/v2/silences`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        matchers: [{ name: 'alertname', value: 'Hushed', isRegex: false, isEqual: true }],
        startsAt: new Date(now).toISOString(),
        endsAt: new Date(now + 3_600_000).toISOString(),
        createdBy: 'test',
        comment: 'known',
      }),
    });
    await poll(async () => {
      const alerts = (await (await fetch(`${manager.url}/api/v2/alerts`)).json()) as { status: { state: string } }[];
      return (alerts.length === 3 && alerts.some(({ status }) => status.state === 'suppressed')) || undefined;
    }, 'three alerts at the Alertmanager');
    return { url: server.url, alertmanagerUrl: manager.url };
  });

/** VictoriaMetrics with the history, and vmalert with alerts, which tells nobody. */
export const startVictoriaMetrics = (program: string, alerting: string) =>
  inFolder(async (folder, keep) => {
    const server = keep(
      await start(program, '/health', (address) => [
        `-httpListenAddr=${address}`,
        `-storageDataPath=${folder}`,
        '-retentionPeriod=100y',
        '-search.latencyOffset=0s',
        '-search.disableCache',
        '-memory.allowedBytes=128MB',
      ]),
    );
    const sent = await fetch(`${server.url}/api/v1/import/prometheus`, { method: 'POST', body: historyOf(20).lines });
    if (!sent.ok) throw new Error(`VictoriaMetrics did not take the history: ${sent.status}`);
    const rulesFile = join(folder, 'rules.yml');
    writeFileSync(rulesFile, rules);
    const alerts = keep(
      await start(alerting, '/health', (address) => [
        `-httpListenAddr=${address}`,
        `-rule=${rulesFile}`,
        `-datasource.url=${server.url}`,
        '-notifier.url=http://127.0.0.1:9',
        '-evaluationInterval=1s',
      ]),
    );
    await poll(async () => {
      const { data } = (await (await fetch(`${alerts.url}/api/v1/alerts`)).json()) as { data: { alerts: object[] } };
      return data.alerts.length === 4 || undefined;
    }, 'four alerts at vmalert');
    await poll(async () => {
      const answer = await fetch(
        `${server.url}/api/v1/query?query=${encodeURIComponent('count({service="payments"})')}`,
      );
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      return data.result[0]?.value[1] === '7' || undefined;
    }, 'the history in VictoriaMetrics');
    return { url: server.url, rulesUrl: alerts.url };
  });
