/** What the portal says when it refuses: the one error shape of the HTTP API. */
export class ApiError extends Error {
  status: number;
  code: string;
  fix: string;
  /** What else is known, such as the faults of a form. */
  details: Record<string, unknown> | undefined;
  constructor(options: {
    status: number;
    code: string;
    message: string;
    fix: string;
    details?: Record<string, unknown> | undefined;
  }) {
    super(options.message);
    this.name = 'ApiError';
    this.status = options.status;
    this.code = options.code;
    this.fix = options.fix;
    this.details = options.details;
  }
}

export type RequestOptions = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal;
};

let signedOut: (() => void) | undefined;

/** Says what to do when the portal no longer knows who is here: the session is over. */
export function onSignedOut(work: () => void): void {
  signedOut = work;
}

const unreachable = () =>
  new ApiError({
    status: 0,
    code: 'WEB_PORTAL_UNREACHABLE',
    message: 'The portal does not answer.',
    fix: 'Check that Callboard is running and that this computer reaches it, then retry.',
  });

/** Turns an answer that is not 2xx into an ApiError, also when a proxy answered with a page of its own. */
export function toApiError(status: number, body: unknown): ApiError {
  type Said = { message?: string; code?: string; name?: string; fix?: string; details?: Record<string, unknown> };
  const { error, message } = (body ?? {}) as { error?: Said; message?: unknown };
  // The route of a plugin answers in its own words.
  const own = typeof message === 'string' && message !== '' ? message : undefined;
  const gateway = status === 502 || status === 503 || status === 504;
  return new ApiError({
    status,
    code: error?.code ?? error?.name ?? `HTTP_${status}`,
    message:
      error?.message ?? own ?? (gateway ? 'The portal does not answer.' : `The portal answered with status ${status}.`),
    fix:
      error?.fix ??
      (gateway ? 'It may be starting: wait a moment, then retry.' : 'Retry; if it stays, look at the portal’s log.'),
    details: error?.details,
  });
}

const readBody = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
};

/** One call to the portal that this page came from. Rejects with an ApiError, never with anything else but an abort. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { method = 'GET', body, signal } = options;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw unreachable();
  }
  const answer = await readBody(response);
  if (response.ok) return answer as T;
  const error = toApiError(response.status, answer);
  if (error.code === 'ACCESS_SIGN_IN_REQUIRED') signedOut?.();
  throw error;
}

/** Sends a file as it is. */
export async function sendFile<T>(path: string, file: Blob, type: string): Promise<T> {
  const headers = { accept: 'application/json', 'content-type': type };
  const response = await fetch(path, { method: 'POST', headers, body: file }).catch(() => {
    throw unreachable();
  });
  const answer = await readBody(response);
  if (!response.ok) throw toApiError(response.status, answer);
  return answer as T;
}

/** The text of a file of the portal, taken only if it has the hash that `integrity` says. */
export async function readText(path: string, options: { integrity: string; signal?: AbortSignal }): Promise<string> {
  let response: Response;
  try {
    response = await fetch(path, options);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError({
      status: 0,
      code: 'WEB_FILE_REFUSED',
      message: `The file ${path.split('/').at(-1)} could not be read, or is not the one that was installed.`,
      fix: 'Reload the page. If it stays, install the plugin again.',
    });
  }
  if (!response.ok) throw toApiError(response.status, await readBody(response));
  return response.text();
}
