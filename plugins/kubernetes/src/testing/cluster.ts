/** A kube-apiserver with its controllers on etcd, without nodes: what a kubelet would say of pods is written into their status. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Raw } from '../model.ts';
import { wayOut } from './way-out.ts';

/** Calls of somebody who may do everything. */
export type Admin = {
  get(path: string): Promise<Raw>;
  make(path: string, body: Raw): Promise<Raw>;
  /** As merge patch; `path` may end in `/status` */
  patch(path: string, body: Raw): Promise<Raw>;
  remove(path: string): Promise<void>;
  /** Repeats a question until the answer is as wished. */
  until(path: string, isReady: (answer: Raw) => boolean): Promise<Raw>;
};

const patience = 120_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function eventuallyGot<Value>(ask: () => Promise<Value | undefined>, what: string): Promise<Value> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await ask().catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what} did not come in time`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function adminOf(url: string, ca: string): Admin {
  async function call(method: string, path: string, body?: Raw, type = 'application/json'): Promise<Raw> {
    const headers = { authorization: 'Bearer admin', accept: 'application/json', 'content-type': type };
    const sent = { method, headers, tls: { ca }, ...(body && { body: JSON.stringify(body) }) };
    const answer = await wayOut.fetch(url + path, sent);
    if ((answer.status ?? 0) >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as Raw;
  }
  return {
    get: (path) => call('GET', path),
    make: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body, 'application/merge-patch+json'),
    remove: async (path) => void (await call('DELETE', path)),
    until: (path, isReady) =>
      eventuallyGot(async () => {
        const answer = await call('GET', path);
        return isReady(answer) ? answer : undefined;
      }, path),
  };
}

const controllers =
  'namespace,deployment,replicaset,statefulset,job,endpoint,garbagecollector,serviceaccount,serviceaccount-token';

/**
 * Starts them.
 *
 * @param program - path of kube-apiserver; kube-controller-manager is beside it, etcd is found by its name
 */
export async function startCluster(program: string) {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-kubernetes-'));
  const children: ChildProcess[] = [];
  const run = (command: string, given: string[]) => {
    const child = spawn(command, given, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
    child.on('exit', (code) => code && process.stderr.write(`${command} ended with ${code}: ${said}\n`));
    children.push(child);
  };
  async function stop(): Promise<void> {
    for (const child of children.toReversed()) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.kill('SIGKILL')) await ended;
    }
    await rm(folder, { recursive: true, force: true });
  }
  try {
    const [store, peer, secure] = [await freePort(), await freePort(), await freePort()];
    const url = `https://127.0.0.1:${secure}`;
    execFileSync('openssl', ['genrsa', '-out', 'sa.key', '2048'], { cwd: folder, stdio: 'ignore' });
    execFileSync('openssl', ['rsa', '-in', 'sa.key', '-pubout', '-out', 'sa.pub'], { cwd: folder, stdio: 'ignore' });
    await writeFile(join(folder, 'tokens.csv'), 'admin,admin,admin,"system:masters"\n');
    const [client, other] = [`http://127.0.0.1:${store}`, `http://127.0.0.1:${peer}`];
    run('etcd', [
      ...['--data-dir', 'etcd', '--listen-client-urls', client, '--advertise-client-urls', client],
      ...['--listen-peer-urls', other, '--initial-advertise-peer-urls', other],
      ...['--initial-cluster', `default=${other}`, '--unsafe-no-fsync'],
    ]);
    run(program, [
      ...[`--etcd-servers=${client}`, '--bind-address=127.0.0.1', '--advertise-address=127.0.0.1'],
      ...[`--secure-port=${secure}`, '--insecure-port=0', '--cert-dir=certs', '--token-auth-file=tokens.csv'],
      ...['--authorization-mode=RBAC', '--service-cluster-ip-range=10.96.0.0/16', '--allow-privileged=true'],
      ...['--service-account-issuer=https://kubernetes.default.svc', '--service-account-signing-key-file=sa.key'],
      ...['--service-account-key-file=sa.pub', '--disable-admission-plugins=ServiceAccount'],
    ]);
    const certificate = join(folder, 'certs', 'apiserver.crt');
    const ca = await eventuallyGot(() => readFile(certificate, 'utf8'), 'The certificate');
    const admin = adminOf(url, ca);
    await eventuallyGot(
      async () => ((await wayOut.fetch(`${url}/readyz`, { tls: { ca } } as object)).body === 'ok' ? true : undefined),
      'The API server',
    );
    const cluster = { server: url, 'certificate-authority': certificate };
    const kubeconfig = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'here', cluster }],
      users: [{ name: 'admin', user: { token: 'admin' } }],
      contexts: [{ name: 'here', context: { cluster: 'here', user: 'admin' } }],
      'current-context': 'here',
    };
    await writeFile(join(folder, 'kubeconfig'), JSON.stringify(kubeconfig));
    run(join(dirname(program), 'kube-controller-manager'), [
      ...['--kubeconfig=kubeconfig', '--port=0', '--secure-port=0', '--leader-elect=false'],
      ...[`--controllers=${controllers}`, '--service-account-private-key-file=sa.key', `--root-ca-file=${certificate}`],
    ]);
    return { url, ca, admin, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
