import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ConfigFlags } from '../core/config/index.ts';
import { createLogger } from '../core/log/index.ts';
import { type Portal, startPortal } from '../main.ts';
import type { DatabasePlace } from './databases.ts';

/** Contents of files by their path below a folder. */
export type Files = Record<string, string | Uint8Array>;

export type Answer = { status: number; body: any; headers: Headers };

/** A real portal on a real database, talked to over HTTP. */
export type TestPortal = {
  portal: Portal;
  url: string;
  /** the folder that the portal reads */
  folder: string;
  write(files: Files): Promise<void>;
  remove(...paths: string[]): Promise<void>;
  get(path: string): Promise<Answer>;
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Entities by ref. */
  entity(ref: string): Promise<any>;
  /** Stops the portal and removes its folder, unless that is the test's own. */
  stop(): Promise<void>;
};

export type TestPortalOptions = {
  place: DatabasePlace;
  files?: Files;
  /** text of callboard.yaml; the portal then reads what that says instead of the folder */
  config?: string;
  /** a folder of the test's own, as for restarts: it stays when the portal stops */
  folder?: string;
  flags?: ConfigFlags;
};

/** Writes files below a folder, making folders on the way. */
export const putFiles = async (folder: string, files: Files): Promise<void> => {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
};

/** Starts a portal that reads a folder of its own, and waits until everything has been read once. */
export async function testPortal(options: TestPortalOptions): Promise<TestPortal> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'callboard-files-')));
  await putFiles(folder, options.files ?? {});
  const configFile = join(folder, 'callboard.yaml');
  if (options.config !== undefined) await writeFile(configFile, options.config);
  const removeFolder = async () => {
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const portal = await startPortal({
    configFile: options.config === undefined ? undefined : configFile,
    flags: {
      port: 0,
      data: options.place.directory ?? join(folder, '.data'),
      databaseUrl: options.place.url,
      example: false,
      targets: options.config === undefined ? [folder] : [],
      ...options.flags,
    },
    env: {},
    log: await createLogger({ level: 'silent', format: 'json' }),
  }).catch(async (error: unknown) => {
    await removeFolder();
    throw error;
  });
  await portal.firstReading();
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(portal.url + path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
  };
  return {
    portal,
    url: portal.url,
    folder,
    send,
    write: (files) => putFiles(folder, files),
    remove: async (...paths) => {
      for (const path of paths) await rm(join(folder, path), { recursive: true });
    },
    get: (path) => send('GET', path),
    entity: async (ref) => (await send('POST', '/api/catalog/entities/by-refs', { entityRefs: [ref] })).body.items[0],
    stop: async () => {
      await portal.stop();
      await removeFolder();
    },
  };
}

/** Repeats a check until it passes; gives its last error after half a minute, which only a busy machine needs. */
export async function eventually<T>(check: () => Promise<T>, limitMs = 30_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
