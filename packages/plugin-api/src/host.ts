import type { Entity, JsonObject, JsonValue } from '@callboard/model';
import type { RunningVersion } from './roles.ts';

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
  /** Most bytes of the answer; 2 MiB when absent, and never more than 32 MiB */
  maxBytes?: number;
  /** How the other side is trusted, where the machine's own authorities do not do */
  tls?: HostTls;
  signal?: AbortSignal;
};

/** Certificates as PEM texts. */
export type HostTls = {
  /** Authorities that are trusted for this call, in place of the machine's */
  ca?: string;
  /** What this side shows of itself */
  cert?: string;
  key?: string;
  /** The name in the certificate, where it is not that of the address */
  serverName?: string;
  /** Trusts whoever answers: for trying out */
  insecure?: boolean;
};

/** An answer that is read while it comes. It ends when the other side ends it, or when the signal of the request fires. */
export type HostStream = Omit<HostResponse, 'text' | 'json' | 'bytes'> & AsyncIterable<string>;

/** What the portal does for a plugin, within what an administrator has granted it. Everything else of the machine is out of reach. */
export type Host = {
  readonly plugin: { readonly id: string; readonly version: string; readonly contract: string };
  /** As the administrator has set it, checked against the schema of the manifest. */
  readonly configuration: JsonObject;
  /** A folder of its own, when the manifest asks for `files` and that is granted. Emptied with each version. */
  readonly directory?: string;
  /** Parts of the portal's configuration by their name, such as `integrations.github`, as far as they are granted. */
  readonly settings: JsonObject;
  /** Calls a granted host, through the portal's proxy and limits. Answers of every status are returned. */
  fetch: (url: string, options?: HostRequest) => Promise<HostResponse>;
  /**
   * Like `fetch`, for answers without an end: watches and logs. The text comes as it arrives, whole characters at a time. `timeoutMs` counts until
   * the answer begins.
   */
  stream: (url: string, options?: HostRequest) => Promise<HostStream>;
  /**
   * Before a connection that is not HTTP, which the portal does not make itself: asks whether the address may be reached, and puts it into the
   * list of hosts. Only plugins that run in the portal's process can open such connections.
   */
  announce: (url: string) => Promise<void>;
  /** JSON values of its own, shared by all replicas: at most 10,000 keys of 256 KiB. */
  readonly store: {
    get(key: string): Promise<JsonValue | null>;
    set(key: string, value: JsonValue): Promise<void>;
    delete(key: string): Promise<void>;
    /** Stores it unless there is something under the key already, and says whether it did: for what may happen only once. */
    add(key: string, value: JsonValue): Promise<boolean>;
    list(prefix?: string): Promise<string[]>;
    /** Up to 500 keys with their values, in the order of keys, after one of them. */
    entries(prefix?: string, after?: string): Promise<{ key: string; value: JsonValue }[]>;
  };
  /**
   * Tells the portal that data changed, so that it asks again soon: `views/runs` and `columns/health` forget what they keep, `searchSources/docs`
   * and `sources/services` are read. For `codeHosts/main`, `urls` are how the addresses begin whose files changed. Webhooks use it.
   */
  changed: (contribution: string, details?: { urls?: string[] }) => Promise<void>;
  readonly secrets: {
    /** @throws when it is not granted or not set */
    get(name: string): Promise<string>;
  };
  readonly catalog: {
    /** Entities by ref; those that do not exist are missing. At most 500 at once. */
    get(refs: readonly string[]): Promise<Entity[]>;
    /** Refs in their order, after one of them; an empty list is the end. At most 1,000 at once. */
    refs(after?: string, limit?: number): Promise<string[]>;
    /**
     * What other plugins know to run now, one entry for each of their contributions `deployments`; `problem` where one cannot tell, or
     * not everything, at present. Since 1.2.0.
     */
    deployments(): Promise<{ plugin: string; title: string; items: RunningVersion[]; problem?: string }[]>;
  };
  /** Lines for Admin → Plugins and the portal's log. Never put secrets into them. */
  readonly log: {
    info(message: string, details?: JsonObject): void;
    warning(message: string, details?: JsonObject): void;
    error(message: string, details?: JsonObject): void;
  };
};
