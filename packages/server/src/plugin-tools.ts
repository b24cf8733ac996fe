/** What the command line needs for plugins: packing, checking, and a way to a running portal. */
import type { ErrorResponse } from '@callboard/model/http';
import { createLogger } from './core/log/index.ts';
import { createOutbound } from './core/outbound/index.ts';

export { packFolder } from './core/plugins/folder.ts';
export { compatibilityFaults } from './core/plugins/manifest.ts';
export { readPackage } from './core/plugins/package.ts';
export type { ContractExamples } from './core/plugins/contract.ts';
export { tryOut } from './core/plugins/try-out.ts';

/** Asks a running portal; throws its own error, with its code and its next step. */
export type PortalClient = {
  request(method: string, path: string, body?: unknown): Promise<any>;
  close(): Promise<void>;
};

/**
 * @param options.url - where the portal listens
 * @param options.token - sent as a bearer token
 */
export async function createPortalClient(options: { url: string; token?: string }): Promise<PortalClient> {
  const outbound = createOutbound({
    config: { outbound: { mode: 'open', allow: [], timeoutMs: 60_000 } },
    log: await createLogger({ level: 'silent', format: 'json' }),
  });
  return {
    async request(method, path, body) {
      const isBytes = body instanceof Uint8Array;
      const answer = await outbound.request(`${options.url.replace(/\/$/, '')}${path}`, {
        method,
        anyStatus: true,
        purpose: 'command line',
        headers: {
          ...(body === undefined ? {} : { 'content-type': isBytes ? 'application/gzip' : 'application/json' }),
          ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
        },
        body: body === undefined ? undefined : isBytes ? body : JSON.stringify(body),
      });
      const text = Buffer.from(answer.body ?? new Uint8Array()).toString('utf8');
      const value = text === '' ? undefined : JSON.parse(text);
      if (answer.status < 400) return value;
      const { message, fix, code, details } = (value as ErrorResponse).error;
      const faults = (details?.['faults'] as { path: string; message: string }[] | undefined) ?? [];
      const lines = faults.map((fault) => `\n    ${fault.path || '/'}: ${fault.message}`).join('');
      throw Object.assign(new Error(`${message}${lines}`), { fix, code });
    },
    close: outbound.close,
  };
}
