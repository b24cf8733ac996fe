import { definePlugin } from '@callboard/plugin-api';
import { kindOf } from './kinds.js';

/** All refs of the catalog, page by page. */
async function everything(catalog) {
  const refs = [];
  for (let page = await catalog.refs(); page.length > 0; page = await catalog.refs(page.at(-1))) refs.push(...page);
  return refs;
}

export default definePlugin({
  setup(host) {
    return {
      views: {
        async count() {
          const kinds = Object.groupBy(await everything(host.catalog), kindOf);
          return {
            model: 'stat',
            items: Object.entries(kinds).map(([label, refs]) => ({ label, value: refs.length })),
          };
        },
      },
      routes: { board: async () => ({ body: { refs: await everything(host.catalog) } }) },
    };
  },
});
