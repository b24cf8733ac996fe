import type { Host, HostResponse, HostTls } from '../../host.ts';

/** A GitHub app, as `integrations.github` names them; with `owners` it is used for those only. */
export type App = { id: string; privateKey: string; owners?: string[] };
/** A host of GitHub: its name, where its API begins, and its apps. */
export type AppHost = { name: string; api: string; tls?: HostTls; apps: App[] };

/** The apps of an entry of `integrations.github`. */
export declare function appsOf(given: unknown): App[];

/**
 * By what an app says who it is: for nine minutes, as ten are the most and clocks differ.
 *
 * @param name - of the host, for the words of an error
 * @throws Error when the key is none
 */
export declare function appToken(app: Pick<App, 'id' | 'privateKey'>, name: string): string;

/** Gets tokens of apps, one for each owner whose repositories an app is installed for, and keeps them while they last. */
export declare function createAppTokens(host: Host): {
  /** Asks as an app itself. */
  ask: (target: AppHost, app: App, method: string, path: string) => Promise<HostResponse>;
  /** A token that may read a project such as `acme/pay`. @throws Error in words when no app is installed where the project is */
  tokenFor: (target: AppHost, project: string) => Promise<string>;
};
