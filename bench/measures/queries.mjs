import { ask } from '../support/http.mjs';
import { insideServer, longestStall, scrape } from '../support/metrics.mjs';
import { latencies, rounded } from '../support/statistics.mjs';

const types = ['service', 'website', 'library'];
const name = (component) => `/api/catalog/entities/by-name/component/default/${component}`;
const list = (conditions, more = '') =>
  `/api/catalog/entities/by-query?filter=${conditions.join(',')}&orderField=metadata.name,asc&limit=20${more}`;
const facets = (names, more = '') =>
  `/api/catalog/entity-facets?${names.map((facet) => `facet=${facet}`).join('&')}${more}`;

/** What is asked. Each takes the number of the request, so that not every answer can come from a cache. */
function queries({ sample, terms }) {
  const component = (index) => sample.components[index % sample.components.length];
  const term = (index) => terms[index % terms.length];
  const type = (index) => `spec.type=${types[index % types.length]}`;
  return {
    list: () => ({ path: list(['kind=component']) }),
    listDeep: (index) => ({ path: list(['kind=component'], `&offset=${(index % 40) * 50}`) }),
    listFiltered: (index) => ({ path: list(['kind=component', type(index), `metadata.tags.${term(index)}`]) }),
    listFullText: (index) => ({
      path: list(
        ['kind=component'],
        `&fullTextFilterTerm=${term(index)}&fullTextFilterFields=metadata.name,metadata.title`,
      ),
    }),
    byName: (index) => ({ path: name(component(index)) }),
    graphTwoHops: (index) => ({ path: `${name(component(index))}/relations?depth=2` }),
    facets: () => ({ path: facets(['kind', 'spec.type']) }),
    facetsDrillDown: (index) => ({
      path: facets(['spec.lifecycle', 'spec.owner', 'metadata.tags'], `&filter=kind=component,${type(index)}`),
    }),
    byRefs50: () => ({
      path: '/api/catalog/entities/by-refs',
      method: 'POST',
      body: JSON.stringify({ entityRefs: sample.refs50 }),
    }),
  };
}

/**
 * Asks each query one after the other on one connection.
 *
 * @returns for each: milliseconds over HTTP and inside the server, and of the very first request; and the longest stall of the event loop
 */
export async function measureQueries({ portal, catalog, requests }) {
  const figures = {};
  let longest = 0;
  await scrape(portal.url);
  for (const [title, query] of Object.entries(queries(catalog.manifest))) {
    const send = async (index) => {
      const { path, ...options } = query(index);
      const answer = await ask(portal.url + path, options);
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 500)}`);
      return answer;
    };
    const first = await send(0);
    for (let index = 1; index < 10; index += 1) await send(index);
    const before = await scrape(portal.url);
    const times = [];
    for (let index = 0; index < requests; index += 1) times.push((await send(index)).ms);
    const after = await scrape(portal.url);
    longest = Math.max(longest, longestStall(before) ?? 0, longestStall(after) ?? 0);
    figures[title] = {
      overHttpMs: latencies(times),
      insideServerMs: insideServer(before, after),
      firstMs: rounded(first.ms),
      bytes: first.text.length,
    };
  }
  return { queries: figures, longestStallMs: longest };
}
