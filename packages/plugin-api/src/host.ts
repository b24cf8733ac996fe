import type { Entity, JsonObject, JsonValue } from '@callboard/model';

/** An answer that `host.fetch` got. */
export type HostResponse = {
  status: number;
  /** Whether the status is below 300 */
  ok: boolean;
  /** By name in lower case */
  headers: Record<string, string>;
  /** After redirects */
  url: string;
  text(): string;
  /** @throws SyntaxError when it is no JSON */
  json(): unknown;
  bytes(): Uint8Array;
};

/** What `host.fetch` takes. */
export type HostRequest = {
  /** GET when absent */
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** For the whole call with its retries; 30 s when absent, and never longer than 120 s */
  timeoutMs?: number;
  signal?: AbortSignal;
};

/** What the portal does for a plugin, within what an administrator has granted it. Everything else of the machine is out of reach. */
export type Host = {
  readonly plugin: { readonly id: string; readonly version: string; readonly contract: string };
  /** As the administrator has set it, checked against the schema of the manifest. */
  readonly configuration: JsonObject;
  /** A folder of its own, when the manifest asks for `files` and that is granted. Emptied with each version. */
  readonly directory?: string;
  /** Calls a granted host, through the portal's proxy and limits. Answers of every status are returned. At most 2 MiB. */
  fetch: (url: string, options?: HostRequest) => Promise<HostResponse>;
  /**
   * Before a connection that is not HTTP, which the portal does not make itself: asks whether the address may be reached, and puts it into the
   * list of hosts. Only plugins that run in the portal's process can open such connections.
   */
  announce: (url: string) => Promise<void>;
  /** JSON values of its own, shared by all replicas: at most 1,000 keys of 64 KiB. */
  readonly store: {
    get(key: string): Promise<JsonValue | null>;
    set(key: string, value: JsonValue): Promise<void>;
    delete(key: string): Promise<void>;
    list(prefix?: string): Promise<string[]>;
  };
  /**
   * Tells the portal that data changed, so that it asks again soon: `views/runs` forgets what it keeps, `searchSources/docs` and
   * `sources/services` are read. Webhooks use it.
   */
  changed: (contribution: string) => Promise<void>;
  readonly secrets: {
    /** @throws when it is not granted or not set */
    get(name: string): Promise<string>;
  };
  readonly catalog: {
    /** Entities by ref; those that do not exist are missing. At most 500 at once. */
    get(refs: readonly string[]): Promise<Entity[]>;
    /** Refs in their order, after one of them; an empty list is the end. At most 1,000 at once. */
    refs(after?: string, limit?: number): Promise<string[]>;
  };
  /** Lines for Admin → Plugins and the portal's log. Never put secrets into them. */
  readonly log: {
    info(message: string, details?: JsonObject): void;
    warning(message: string, details?: JsonObject): void;
    error(message: string, details?: JsonObject): void;
  };
};
