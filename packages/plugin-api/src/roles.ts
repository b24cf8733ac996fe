import type { Entity, JsonObject, JsonValue } from '@callboard/model';
import type { ViewModel } from '@callboard/model/plugins';

/** What comes with every call. A handler ends when `signal` fires; its time limit is then over, or nobody waits any more. */
export type CallContext = {
  signal: AbortSignal;
  /** Ref of the person for whom the portal asks; absent when it asks for itself */
  user?: string;
  /** Those of the plugin's own permissions that this person has; with routes only */
  permissions?: string[];
  /**
   * Those of the refs whose entities this person may see; with routes only. What a route tells of entities goes through it: `host.catalog` has the
   * whole catalog. At most 1,000 at once.
   */
  visible?: (refs: readonly string[]) => Promise<string[]>;
  /** The files of the run, with actions that declare `workspace` */
  files?: WorkspaceFiles;
};

/** The files of a run, by their path in its workspace. At most 2 MiB a file. */
export type WorkspaceFiles = {
  list(): Promise<{ path: string; size: number; executable: boolean }[]>;
  read(path: string): Promise<Uint8Array>;
  /** With `workspace: 'write'` only */
  write(path: string, content: Uint8Array | string): Promise<void>;
  /**
   * Commits the files below `folder` (all when absent) and pushes them to a new branch, with Git. What is there already with the same files is
   * found, not made again. The address must be on a granted host.
   */
  push(options: {
    remote: string;
    branch: string;
    message: string;
    folder?: string;
    author?: { name: string; email: string };
    username?: string;
    password?: string;
  }): Promise<{ commit: string; isNew: boolean }>;
};

/** A handler: plain data in, plain data out. What it returns is copied and checked. */
export type Handler<Input, Output> = (input: Input, context: CallContext) => Promise<Output> | Output;

/** Data for a view of the manifest. Time limit 10 s. `entity` is there on entity pages. */
export type View = Handler<{ entity?: Entity }, ViewModel>;

/** A request to one of the plugin's routes. Time limit 30 s. */
export type RouteRequest = {
  method: string;
  path: string;
  params: Record<string, string>;
  query: Record<string, string>;
  /** The JSON body, or null */
  body: JsonValue;
  /** By name in lower case; with `open` routes only */
  headers?: Record<string, string>;
  /** The body as it came, to check its signature; with `open` routes only */
  text?: string;
};
/** What a route answers. Status 200 when absent. */
export type RouteAnswer = { status?: number; body: JsonValue };
export type Route = Handler<RouteRequest, RouteAnswer> | StreamRoute;
/** A route with `stream`: every value is sent on at once. It ends by returning, or when `signal` fires because nobody listens any more. */
export type StreamRoute = (input: RouteRequest, context: CallContext) => AsyncIterable<JsonValue>;

/** One page of the entities that a source has. `cursor` is given back for the next page; absent on the last. Time limit 60 s a page. */
export type SourcePage = { entities: JsonObject[]; cursor?: string };
export type Source = Handler<{ cursor?: string }, SourcePage>;

/** A step of a template. Time limit 10 min. The same `key` means the same step again: find what was made then, do not make it twice. */
export type ActionInput = { input: JsonObject; key: string; dryRun: boolean };
/** `effects` says in words what happened, or would happen in a dry run. */
export type ActionResult = { output: JsonObject; effects?: string[] };
export type Action = Handler<ActionInput, ActionResult>;

/**
 * Whether a fact about an entity holds; `unknown` where it cannot be known, `not-applicable` where it makes no sense. `fix` is the next step of
 * whoever is to have it hold. It is the same for everybody who asks. Time limit 10 s.
 */
export type CheckResult = {
  result: 'holds' | 'fails' | 'unknown' | 'not-applicable';
  message: string;
  fix?: string;
  href?: string;
};
export type Check = Handler<{ entity: Entity }, CheckResult>;

/** A file or folder of a repository. */
export type TreeEntry = { path: string; type: 'file' | 'folder'; version: string; size?: number };
export type RepositorySummary = {
  name: string;
  owner: string;
  url: string;
  defaultBranch: string;
  description?: string;
  topics?: string[];
  archived?: boolean;
  fork?: boolean;
  private?: boolean;
};
/** What a portal shows of a repository beside an entity. */
export type RepositoryFacts = {
  repository: RepositorySummary;
  lastChange?: { at: string; title: string; author?: string; href?: string };
  openChanges?: number;
  release?: { name: string; at?: string; href?: string };
  languages?: { name: string; share: number }[];
  contributors?: string[];
  owners?: string[];
};
/**
 * What a host of code may come to be asked to change. Proposed, as `code-host-writing`: no portal asks for it yet, and it may become other than
 * this. Until then, steps of templates are how a plugin changes things.
 */
export type CodeHostWriting = {
  createRepository?: Handler<
    { owner: string; name: string; description?: string; private: boolean },
    RepositorySummary
  >;
  openChange?: Handler<
    { url: string; branch: string; title: string; description: string; files: { path: string; text: string }[] },
    { url: string; number: number }
  >;
  setStatus?: Handler<
    { url: string; commit: string; name: string; state: 'pending' | 'good' | 'bad'; href?: string },
    null
  >;
};

/** A host of code. Addresses are those that people open. `version` of an earlier answer makes a call cheap: null means unchanged. */
export type CodeHost = CodeHostWriting & {
  /** Whether an address is one of this host's. Asked once per host name. */
  owns: Handler<{ url: string }, boolean>;
  /** The hosts that are configured, for pickers and for the shapes of their addresses. */
  hosts?: Handler<JsonObject, { host: string; type: string; title?: string }[]>;
  /** Files that are no text come with `encoding: 'base64'`. @throws Error with code NOT_FOUND when there is none */
  readFile: Handler<
    { url: string; version?: string },
    { text: string; version: string; encoding?: 'utf8' | 'base64' } | null
  >;
  /** Everything below a folder, or the whole repository. */
  readTree: Handler<{ url: string; version?: string }, { entries: TreeEntry[]; version: string } | null>;
  listRepositories: Handler<{ owner: string; cursor?: string }, { repositories: RepositorySummary[]; cursor?: string }>;
  /** What somebody may mean: owners, or what an owner has. `token` is theirs, where they gave one. */
  complete?: Handler<
    {
      host: string;
      what: 'owners' | 'repositories' | 'branches';
      owner?: string;
      repository?: string;
      search?: string;
      token?: string;
    },
    { items: { value: string; title?: string }[]; isComplete?: boolean }
  >;
  /** What is worth knowing of the repository of an address; null when it is none. */
  facts?: Handler<{ url: string }, RepositoryFacts | null>;
  /** With what Git signs in to clone and push; null when it needs nothing. */
  gitAccess?: Handler<{ url: string }, { username: string; password: string } | null>;
};

/** Who somebody is, as the far side says. `groups` are names as it gives them. `emailVerified` is false when it says that it has not checked the address. */
export type Identity = {
  subject: string;
  username?: string;
  name?: string;
  email?: string;
  emailVerified?: boolean;
  groups?: string[];
};
/**
 * A way to sign in, with the settings of `access.signIn.providers`. Either by a journey of the browser (`begin`, `finish` and perhaps `end`), or by
 * name and password (`verify`). `remember` is kept by the portal until the return. Time limit 10 s each.
 */
export type SignIn = {
  /** Where to send the browser. `state` must come back with it. */
  begin?: Handler<
    { settings: JsonObject; callbackUrl: string; state: string },
    { redirect: string; remember?: JsonObject }
  >;
  /** What the return means; `url` is the address that the browser came back to. */
  finish?: Handler<{ settings: JsonObject; url: string; state: string; remember?: JsonObject }, Identity>;
  /** Where to send the browser to sign out at the far side as well; null when that cannot be done. */
  end?: Handler<{ settings: JsonObject; returnUrl: string }, { redirect: string } | null>;
  /** Who has this name and password; null when nobody has. */
  verify?: Handler<{ settings: JsonObject; username: string; password: string }, Identity | null>;
};

/** Something to be found. `about` is the ref of an entity: only who may see that entity finds it. Since 1.2.0. */
export type SearchDocument = { id: string; title: string; text: string; href: string; type?: string; about?: string };
/** Documents for search, page by page. */
export type SearchSource = Handler<{ cursor?: string }, { documents: SearchDocument[]; cursor?: string }>;

/** Brings a message to somebody. Time limit 10 s. */
export type Notification = { to: string; title: string; text: string; href?: string };
export type Notifier = Handler<Notification, { delivered: boolean; reason?: string }>;

/** What a test of a connection found, one line for each thing that was looked at: the network, the token, each right that is needed. */
export type ConnectionResult = {
  title: string;
  state: 'good' | 'warning' | 'bad';
  message: string;
  /** The next step */
  fix?: string;
  href?: string;
};
/** Tests with a configuration that may not be saved yet. Time limit 30 s. */
export type Connection = Handler<{ configuration: JsonObject }, { items: ConnectionResult[] }>;

/**
 * Work in the background. With `everySeconds` it has 10 minutes and runs on one replica at a time; without, it runs until `signal` fires, and is
 * begun again a little later when it ends or fails.
 */
export type Task = Handler<JsonObject, JsonValue | void>;

/** Cells of a column for up to 100 entities, by ref; entities of which nothing is known are left out. Time limit 5 s. */
export type Column = Handler<
  { entities: Entity[] },
  {
    cells: Record<
      string,
      { text: string; tone?: 'neutral' | 'good' | 'warning' | 'bad' | 'info'; hint?: string; href?: string }
    >;
  }
>;

/** That a version of an entity runs somewhere now. `at` is when it began, where that is known. */
export type RunningVersion = {
  entity: string;
  environment: string;
  version: string;
  commit?: string;
  at?: string;
  href?: string;
};
/**
 * All that runs now, page by page, for plugins that keep deployments. What is not named any more is taken to be gone, unless `missing` says why
 * something may be missing. Time limit 30 s a page. Since 1.2.0.
 */
export type Deployments = Handler<{ cursor?: string }, { items: RunningVersion[]; missing?: string; cursor?: string }>;

/** The handlers of a plugin, by role and by the id of the contribution in the manifest. */
export type Handlers = {
  views?: Record<string, View>;
  routes?: Record<string, Route>;
  sources?: Record<string, Source>;
  actions?: Record<string, Action>;
  checks?: Record<string, Check>;
  codeHosts?: Record<string, CodeHost>;
  signIn?: Record<string, SignIn>;
  searchSources?: Record<string, SearchSource>;
  notifiers?: Record<string, Notifier>;
  connections?: Record<string, Connection>;
  tasks?: Record<string, Task>;
  columns?: Record<string, Column>;
  deployments?: Record<string, Deployments>;
};
