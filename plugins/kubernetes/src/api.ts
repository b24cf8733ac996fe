import type { Host } from '@callboard/plugin-api';
import type { Cluster } from './configuration.ts';
import type { Raw } from './model.ts';

/** A refusal or a failure of the API server, in words that say what to do. */
export type ApiFault = Error & { code: string; fix: string; status?: number; retryAfterMs?: number };

/** One cluster's API. All of it throws `ApiFault`. */
export type Api = {
  get(path: string, options?: { signal?: AbortSignal; maxBytes?: number; timeoutMs?: number }): Promise<Raw>;
  send(method: 'POST' | 'PATCH', path: string, body: Raw, signal?: AbortSignal): Promise<Raw>;
  /** `isLog` for what is no JSON */
  stream(path: string, signal: AbortSignal, options?: { isLog?: boolean }): Promise<AsyncIterable<string>>;
  text(path: string, signal?: AbortSignal): Promise<string>;
};

export const fault = (
  message: string,
  more: { code: string; fix: string; status?: number; retryAfterMs?: number },
): ApiFault => Object.assign(new Error(message), more);

const answerMs = 20_000;

/** What an error of the portal's way out says: what happened, a full stop, the next step. It names the whole address, which differs by kind. */
function ofNetwork(error: unknown, cluster: Cluster): ApiFault {
  const { message, code = 'UNREACHABLE', fix: known } = error as Error & { code?: string; fix?: string };
  if (known !== undefined) return error as ApiFault;
  const [what = '', ...rest] = message.replace(/https?:\/\/\S+/, cluster.url).split('. ');
  const fix = code.includes('TLS')
    ? 'Give the certificate authority of the cluster: certificate-authority-data of a kubeconfig, in caData.'
    : code.includes('TOO_LARGE')
      ? 'Name the namespaces to read, or look at what makes its objects so large.'
      : rest.join('. ') || `Check that the portal reaches ${new URL(cluster.url).host}: address, firewall, proxy.`;
  return fault(what, { code, fix });
}

function secondsOf(value: string | undefined): number | undefined {
  const seconds = Number(value);
  return value !== undefined && Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : undefined;
}

/** What the API server says of a call that it does not serve. */
function ofStatus(status: number, headers: Record<string, string>, body: string, cluster: Cluster): ApiFault {
  let said: string | undefined;
  try {
    const parsed = JSON.parse(body) as Raw;
    if (parsed?.kind === 'Status') said = String(parsed.message).slice(0, 500);
  } catch {
    // A gateway before the cluster answers in its own way.
  }
  const make = (code: string, message: string, fix: string) =>
    fault(message, { code, fix, status, retryAfterMs: secondsOf(headers['retry-after']) });
  if (status === 401)
    return make(
      'KUBERNETES_TOKEN',
      'the API server does not accept the token',
      'Tokens of `kubectl create token` expire: make a new one, or a Secret of type kubernetes.io/service-account-token.',
    );
  if (status === 403)
    return make(
      'KUBERNETES_RIGHT',
      said ?? 'the API server refuses this to the account of the token',
      'Bind the role of the plugin’s README to the account.',
    );
  if (status === 404)
    return make('KUBERNETES_NOT_FOUND', said ?? 'there is no such thing', 'It may be gone meanwhile.');
  if (status === 409) return make('KUBERNETES_CONFLICT', said ?? 'it was changed meanwhile', 'Try it again.');
  if (status === 410) return make('KUBERNETES_EXPIRED', said ?? 'the version is too old', 'It is read anew.');
  if (status === 429)
    return make('KUBERNETES_BUSY', 'the API server wants fewer calls', 'The portal waits and asks again by itself.');
  // Logs come from the node: the API server only passes them on.
  const node = /\/containerLogs\/[^"]*": (.+)/s.exec(said ?? '')?.[1];
  if (status >= 500 && node !== undefined)
    return make(
      'KUBERNETES_NODE',
      `the node that the pod is on does not answer the API server: ${node}`,
      'Look at the node, and at what stands between it and the control plane. Until it answers there are no logs of its pods.',
    );
  if (status === 400 && said !== undefined)
    return make(
      'KUBERNETES_REFUSED',
      said,
      'Look at the problems of the pod; a container that has not run has no log.',
    );
  if (status >= 500)
    return make(
      'KUBERNETES_FAILS',
      `the API server answers with status ${status}${said === undefined ? '' : `: ${said}`}`,
      `Look at the state of the control plane of ${cluster.title}. The portal asks again by itself.`,
    );
  return make(
    'KUBERNETES_REFUSED',
    said ?? `the API server answers with status ${status}`,
    'Check the address: it must be that of an API server.',
  );
}

/** Makes calls of one cluster, through the portal. */
export function createApi(host: Host, cluster: Cluster): Api {
  async function request(path: string, accept: string, more: Record<string, string> = {}) {
    const token = await cluster.token();
    return {
      url: cluster.url + path,
      headers: { accept, ...(token !== undefined && { authorization: `Bearer ${token}` }), ...more },
      ...(cluster.url.startsWith('https:') && { tls: cluster.tls }),
    };
  }
  const nonsense = (type: string | undefined) =>
    fault(`${cluster.url} answers with something that is no Kubernetes API (${type ?? 'no content type'})`, {
      code: 'KUBERNETES_NONSENSE',
      fix: 'Check the address; a proxy or a sign-in page may answer in place of the API server.',
    });
  const json = (type: string | undefined, body: string): Raw => {
    try {
      const value: unknown = JSON.parse(body);
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      // Said below.
    }
    throw nonsense(type);
  };

  /** What breaks off later is said in the same words. */
  async function* inWords(pieces: AsyncIterable<string>, signal: AbortSignal): AsyncIterable<string> {
    try {
      yield* pieces;
    } catch (error) {
      throw signal.aborted ? error : ofNetwork(error, cluster);
    }
  }

  async function call(
    path: string,
    accept: string,
    options: { method?: string; body?: Raw; signal?: AbortSignal; maxBytes?: number; timeoutMs?: number },
  ): Promise<{ type?: string; body: string }> {
    const { method = 'GET', body, ...rest } = options;
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const { url, ...how } = await request(path, accept, body && { 'content-type': type });
    const answer = await host
      .fetch(url, { ...how, timeoutMs: answerMs, ...rest, method, ...(body && { body: JSON.stringify(body) }) })
      .catch((error: unknown) => {
        throw options.signal?.aborted ? error : ofNetwork(error, cluster);
      });
    if (!answer.ok) throw ofStatus(answer.status, answer.headers, answer.text(), cluster);
    return { type: answer.headers['content-type'], body: answer.text() };
  }

  const asJson = async (path: string, options: Parameters<typeof call>[2]) => {
    const { type, body } = await call(path, 'application/json', options);
    return json(type, body);
  };
  return {
    get: (path, options = {}) => asJson(path, options),
    send: (method, path, body, signal) => asJson(path, { method, body, signal }),
    text: async (path, signal) => (await call(path, 'text/plain, */*', { signal, maxBytes: 4 * 1024 * 1024 })).body,
    async stream(path, signal, { isLog = false } = {}) {
      const { url, ...how } = await request(path, 'application/json, */*');
      const refused = new AbortController();
      const either = AbortSignal.any([signal, refused.signal]);
      const answer = await host.stream(url, { ...how, signal: either, timeoutMs: answerMs }).catch((error: unknown) => {
        throw signal.aborted ? error : ofNetwork(error, cluster);
      });
      const type = answer.headers['content-type'];
      if (answer.ok && !isLog && !type?.includes('json')) {
        // What nobody reads would stay open.
        refused.abort();
        throw nonsense(type);
      }
      if (answer.ok) return inWords(answer, signal);
      let body = '';
      for await (const piece of answer) {
        body += piece;
        if (body.length > 65_536) break;
      }
      throw ofStatus(answer.status, answer.headers, body, cluster);
    },
  };
}
