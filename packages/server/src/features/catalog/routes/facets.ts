import { termKey } from '@callboard/model';
import { FacetsBody, FacetsQuery, FacetsResponse } from '@callboard/model/http';
import type { FastifyRequest } from 'fastify';
import { parseFields } from '../query/fields.ts';
import { parseFilters } from '../query/filter.ts';
import { parsePredicate } from '../query/parse-predicate.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';
import { allOf, simplify, within } from '../../../core/predicate/index.ts';
import { facetsOf } from '../store/facets.ts';
import { textCondition } from '../store/query.ts';
import { routeErrors } from './errors.ts';
import type { Routes, RouteTools } from './tools.ts';
import { base } from './tools.ts';

const config = { permission: 'catalog.entity.read' };
const response = { 200: FacetsResponse };

/** GET and POST /entity-facets */
export function registerFacets(http: Routes, { reading, scopeOf }: RouteTools): void {
  const answer = async (request: FastifyRequest, given: string[], predicate: EntityPredicate | undefined) => {
    const names = given.map((name) => name.trim()).filter(Boolean);
    if (names.length === 0) throw routeErrors.facetMissing();
    parseFields(names);
    const scope = await scopeOf(request);
    const condition = simplify(within(predicate, scope));
    const keys = names.map(termKey);
    const found = await facetsOf(reading, keys, condition, await reading.version(), scope);
    return { facets: Object.fromEntries(names.map((name, index) => [name, found.get(keys[index]!) ?? []])) };
  };
  http.get(
    `${base}/entity-facets`,
    {
      config,
      schema: {
        operationId: 'GetEntityFacets',
        tags: ['entities'],
        summary: 'Count the values of paths, by filter',
        querystring: FacetsQuery,
        response,
      },
    },
    async (request) => answer(request, request.query.facet, parseFilters(request.query.filter)),
  );
  http.post(
    `${base}/entity-facets`,
    {
      config,
      schema: {
        operationId: 'QueryEntityFacetsByPredicate',
        tags: ['entities'],
        summary: 'Count the values of paths, by predicate',
        body: FacetsBody,
        response,
      },
    },
    async (request) => {
      const { facets, query, fullTextFilter } = request.body;
      const predicate = query === undefined ? undefined : parsePredicate(query);
      const { term = '', fields } = fullTextFilter ?? {};
      parseFields(fields);
      const text = textCondition({ fullTextFilter: { term, fields }, orderFields: [] });
      return answer(request, facets, text ? allOf(predicate, text) : predicate);
    },
  );
}
