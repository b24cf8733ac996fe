import { definePlugin } from '@callboard/plugin-api';
import { isFirst, isSigned } from '@callboard/plugin-api/hooks';

/** Asks a yard; its errors are words that say what to do. */
async function ships(host, { address, token }, signal) {
  const answer = await host.fetch(`${address}/ships`, {
    headers: token ? { authorization: `Bearer ${token}` } : {},
    signal,
  });
  if (answer.status === 401) throw new Error('the yard does not take the token');
  if (!answer.ok) throw new Error(`the yard answered ${answer.status}`);
  return answer.json();
}

const entityOf = ({ name, owner }, address) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, links: [{ url: `${address}/ships/${name}`, title: 'At the yard' }] },
  spec: { type: 'ship', lifecycle: 'production', owner: owner ?? 'yard' },
});

export default definePlugin({
  setup(host) {
    const yards = host.configuration.yards ?? [];
    return {
      sources: {
        // One yard is one page: half a yard would look like a loss.
        async ships({ cursor = '0' }, { signal }) {
          const yard = yards[Number(cursor)];
          if (!yard) return { entities: [] };
          const found = await ships(host, yard, signal);
          const next = Number(cursor) + 1;
          return {
            entities: found.map((ship) => entityOf(ship, yard.address)),
            ...(next < yards.length && { cursor: String(next) }),
          };
        },
      },
      connections: {
        // Tried with what stands in the form, which may not be saved yet.
        async yards({ configuration }, { signal }) {
          const items = (configuration.yards ?? []).map(async (yard) => {
            try {
              const found = await ships(host, yard, signal);
              return { title: yard.address, state: 'good', message: `${found.length} ships` };
            } catch (error) {
              return { title: yard.address, state: 'bad', message: error.message, fix: 'Check address and token.' };
            }
          });
          return { items: await Promise.all(items) };
        },
      },
      tasks: {
        async look(_input, { signal }) {
          const lists = await Promise.all(yards.map((yard) => ships(host, yard, signal).catch(() => [])));
          await host.store.set('afloat', Object.fromEntries(lists.flat().map(({ name, afloat }) => [name, afloat])));
          await host.changed('columns/afloat');
        },
      },
      columns: {
        async afloat({ entities }) {
          const known = (await host.store.get('afloat')) ?? {};
          const cells = entities
            .filter(({ metadata }) => metadata.name in known)
            .map(({ metadata: { name, namespace = 'default' } }) => [
              `component:${namespace}/${name}`,
              known[name] ? { text: 'afloat', tone: 'good' } : { text: 'sunk', tone: 'bad' },
            ]);
          return { cells: Object.fromEntries(cells) };
        },
      },
      routes: {
        async launched({ text, headers, body }) {
          const { hookSecret } = host.configuration;
          const signature = (headers['x-yard-signature'] ?? '').replace('sha256=', '');
          if (!hookSecret || !isSigned(hookSecret, text, signature))
            return { status: 401, body: { message: 'The signature is missing or wrong' } };
          // Whoever has heard a call can send it again: each counts once.
          if (!(await isFirst(host, String(body.id))))
            return { status: 409, body: { message: 'This call came before' } };
          await host.changed('sources/ships');
          return { status: 202, body: { message: 'The yard is asked again' } };
        },
      },
    };
  },
});
