/**
 * What web parts of plugins import from `@callboard/plugin-api/web`. The portal brings the code of it, by its import map: a plugin leaves
 * this name, `react` and the other shared modules out of its bundle. Components take and give what React takes and gives; no type of React
 * or of another library stands in a signature.
 */
import type { Entity, JsonValue } from '@callboard/model';
import type { ViewModel } from '@callboard/model/plugins';

/** What React draws. */
export type Drawn = any;
/** A component of React. */
export type Component<Props> = (props: Props) => Drawn;

/** What tabs and cards are given. */
export type EntityProps = { entity: Entity; entityRef: string };
/** What pages are given: what stands in the address behind the page's own path, such as `runs/7`, or an empty text. */
export type PageProps = { path: string };
/** What renderers of search results are given; `open` is called when somebody goes there. */
export type SearchResultProps = {
  result: { type: string; document: { title: string; text?: string; location: string; [key: string]: unknown } };
  open: () => void;
};

/** The plugin itself. */
export type OwnPlugin = { readonly id: string; readonly title: string; readonly version: string };
/** Who looks. `ref` is `user:default/guest` where nobody has to sign in. */
export type Session = { readonly ref: string; readonly displayName: string };
/** Where one is, and going elsewhere. */
export type Navigation = {
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
  /** An address within the portal: `/catalog?kind=api`, or `?tab=2` for another query on this page. `replace` leaves no step to go back to. */
  go(address: string, options?: { replace?: boolean }): void;
};

/** A refusal: by the plugin's own route, or by the portal. */
export type ApiFailure = Error & { status: number; code: string; fix: string };
/** Calls of the plugin's own routes, by their paths below `/api/plugins/<id>`. They reject with an `ApiFailure`. */
export type Api = {
  get<Answer = JsonValue>(path: string): Promise<Answer>;
  post<Answer = JsonValue>(path: string, body?: unknown): Promise<Answer>;
  put<Answer = JsonValue>(path: string, body?: unknown): Promise<Answer>;
  delete<Answer = JsonValue>(path: string): Promise<Answer>;
};

/** Something that is asked for: exactly one of `data` and `error` is there at first, both when it could not be asked again. */
export type Asked<Data> = {
  readonly data: Data | undefined;
  readonly error: Error | undefined;
  readonly isLoading: boolean;
  /** Asks again. */
  again(): void;
};

/** What a route with `stream` sends. */
export type Streamed<Value> = {
  /** The newest last; of many the last 2,000 */
  readonly values: readonly Value[];
  /** `broken`: the connection is away and made anew by itself. `failed`: the route said so. `ended`: nothing more comes */
  readonly state: 'begins' | 'follows' | 'broken' | 'ended' | 'failed' | 'stopped';
  /** Since when it is broken, in milliseconds */
  readonly since?: number;
  /** Why it has failed */
  readonly error?: Error;
  /** Begins anew. */
  again(): void;
};

/** What the portal brings under this name. All hooks know which plugin calls them. */
export type PluginWeb = {
  usePlugin(): OwnPlugin;
  useSession(): Session | undefined;
  useNavigation(): Navigation;
  useApi(): Api;
  /** Keeps an answer for all parts of this plugin on the page. The same key asks once; a change of the plugin asks again. */
  useData<Data>(key: string | readonly unknown[], ask: (api: Api) => Promise<Data>): Asked<Data>;
  /** An entity of the catalog, as whoever looks may see it. */
  useEntity(ref: string): Asked<Entity>;
  /** The data of one of the plugin's views. */
  useView(id: string, options?: { entityRef?: string }): Asked<ViewModel>;
  /**
   * Follows one of the plugin's own routes that streams. Without a path nothing is asked, and what came stays. After a break the route is asked
   * again, and what it sends then takes the place of what came before. Since 1.2.0; not within a frame.
   */
  useStream<Value>(path: string | undefined): Streamed<Value>;

  /** A link within the portal that loads nothing anew. */
  Link: Component<{ to: string; children?: Drawn }>;
  /** A link to an entity. */
  EntityLink: Component<{ entityRef: string }>;
  /** A titled part of a page. */
  Panel: Component<{ title: string; children?: Drawn }>;
  /** A state with shape, colour and word. */
  Status: Component<{ level: 'ok' | 'warning' | 'failing' | 'unknown'; label: string }>;
  /** How long ago, exact on hover. */
  Since: Component<{ at: string | number }>;
  /** While something is on its way. */
  Loading: Component<{ rows?: number; label?: string }>;
  /** Why there is nothing, and what to do. */
  Empty: Component<{ title: string; children?: Drawn }>;
  /** What went wrong, what to do, and a button to try again. */
  Failure: Component<{ error: Error; what: string; again?: () => void }>;
  /** One of the plugin's views, drawn by the portal with its age. */
  View: Component<{ id: string; entityRef?: string }>;
  /** A view model, drawn by the portal. */
  Drawing: Component<{ view: ViewModel }>;
};

export declare const usePlugin: PluginWeb['usePlugin'];
export declare const useSession: PluginWeb['useSession'];
export declare const useNavigation: PluginWeb['useNavigation'];
export declare const useApi: PluginWeb['useApi'];
export declare const useData: PluginWeb['useData'];
export declare const useEntity: PluginWeb['useEntity'];
export declare const useView: PluginWeb['useView'];
export declare const useStream: PluginWeb['useStream'];
export declare const Link: PluginWeb['Link'];
export declare const EntityLink: PluginWeb['EntityLink'];
export declare const Panel: PluginWeb['Panel'];
export declare const Status: PluginWeb['Status'];
export declare const Since: PluginWeb['Since'];
export declare const Loading: PluginWeb['Loading'];
export declare const Empty: PluginWeb['Empty'];
export declare const Failure: PluginWeb['Failure'];
export declare const View: PluginWeb['View'];
export declare const Drawing: PluginWeb['Drawing'];

/** What a part in a frame of its own (`isolation: iframe`) is given. Everything crosses as plain data; there is no other way out. */
export type FrameHost = {
  readonly plugin: OwnPlugin;
  readonly contribution: { readonly kind: string; readonly id: string };
  /** On entity pages */
  readonly entity?: Entity;
  readonly entityRef?: string;
  readonly path: string;
  readonly theme: 'light' | 'dark';
  readonly api: Api;
  view(id: string): Promise<ViewModel>;
  go(address: string): void;
};
/** What the entry of such a plugin exports for each component: it fills an element. */
export type FramePart = (element: Drawn, host: FrameHost) => void | Promise<void>;
