import { definePlugin, type Host } from '@callboard/plugin-api';

type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];
type ConfiguredLink = { title: string; url: string; description?: string };

/** The address for an entity; undefined where something of it has no value. */
export function addressFor(template: string, { kind, metadata }: Entity): string | undefined {
  const known: Record<string, string> = {
    name: metadata.name,
    namespace: metadata.namespace ?? 'default',
    kind: kind.toLowerCase(),
  };
  let isComplete = true;
  const address = template.replaceAll(/\{([^{}]+)\}/g, (_whole, word: string) => {
    const value = word.startsWith('annotation:') ? metadata.annotations?.[word.slice(11)] : known[word];
    if (value === undefined) isComplete = false;
    return encodeURIComponent(value ?? '');
  });
  return isComplete ? address : undefined;
}

export default definePlugin({
  setup(host) {
    const links = (host.configuration.links ?? []) as ConfiguredLink[];
    return {
      views: {
        links({ entity }) {
          const items = links.flatMap(({ title, url, description }) => {
            const href = entity && addressFor(url, entity);
            return href === undefined ? [] : [{ title, href, ...(description !== undefined && { description }) }];
          });
          const note = 'No links are configured. An administrator can add them in Admin → Plugins → Links.';
          return { model: 'links', items, ...(links.length === 0 && { note }) };
        },
      },
    };
  },
});
