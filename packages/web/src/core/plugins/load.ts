import type { WebPlugin } from '@callboard/model/http';
import { PluginLoadError, sharedFault } from './shared-fault.ts';

/** Version of each module that plugins share with the portal; the build puts it in. */
declare const SHARED_VERSIONS: Record<string, string>;

export type WebModule = Record<string, unknown>;

const notLoaded = (url: string) =>
  new PluginLoadError(
    `Its file ${url.split('/').slice(6).join('/')} could not be read, or is not the one that was installed.`,
    'Reload the page. If it stays, install the plugin again.',
  );

/** Has the browser fetch a script and compare it with its hash; `import` then takes exactly what was fetched. */
const verified = (url: string, integrity: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'modulepreload';
    link.href = url;
    link.integrity = integrity;
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => reject(notLoaded(url)));
    document.head.append(link);
  });

type Web = NonNullable<WebPlugin['web']>;
const sheets = new Map<string, HTMLLinkElement>();

/** Puts a style sheet into the page, once it is seen to be the one that was installed. */
const styled = (url: string, integrity: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = url;
    link.integrity = integrity;
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      link.remove();
      sheets.delete(url);
      reject(notLoaded(url));
    });
    sheets.set(url, link);
    document.head.append(link);
  });

/** Holds the style sheets in force that plugins have now: those of others, and of other versions, are out until they come back. */
export function keepStyles(plugins: readonly WebPlugin[]): void {
  const present = new Set(plugins.flatMap(({ web }) => Object.keys(web?.styles ?? {})));
  for (const [url, link] of sheets) if (link.disabled === present.has(url)) link.disabled = !present.has(url);
}

const modules = new Map<string, Promise<WebModule>>();
const ran = new Map<string, Set<string>>();

async function load(plugin: WebPlugin, web: Web): Promise<WebModule> {
  const fault = sharedFault(web.shared, SHARED_VERSIONS);
  if (fault) throw fault;
  await Promise.all([
    ...Object.entries(web.files).map(([url, integrity]) => verified(url, integrity)),
    ...Object.entries(web.styles).map(([url, integrity]) => styled(url, integrity)),
    // The styles of what the portal draws for plugins come with our own import of it only, not with that of the plugin.
    import('./shared/index.ts'),
  ]);
  ran.set(plugin.id, (ran.get(plugin.id) ?? new Set()).add(plugin.version));
  return (await import(/* @vite-ignore */ web.url)) as WebModule;
}

/** The module of a plugin's web part, loaded once per version. What failed is tried again by the next who asks. */
export function loadModule(plugin: WebPlugin): Promise<WebModule> {
  const { web } = plugin;
  if (!web) return Promise.reject(new PluginLoadError('It has no web part.', 'Tell its authors.'));
  let module = modules.get(web.url);
  if (!module) {
    module = load(plugin, web);
    modules.set(web.url, module);
    module.catch(() => modules.delete(web.url));
  }
  return module;
}

/** Versions of a plugin other than the present one whose code has run in this page. */
export const leftBehind = ({ id, version }: { id: string; version: string }): string[] =>
  [...(ran.get(id) ?? [])].filter((other) => other !== version);
