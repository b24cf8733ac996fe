import type { Access } from '../../access/index.ts';
import type { CatalogActions, CatalogContext } from '../context.ts';
import { allOf } from '../../../core/predicate/index.ts';
import { createReading } from '../store/reading.ts';
import { registerDescriptor } from './descriptor.ts';
import { registerEntity } from './entity.ts';
import { registerEntityLists } from './entity-lists.ts';
import { registerEntityPages } from './entity-pages.ts';
import { registerEvents } from './events.ts';
import { registerFacets } from './facets.ts';
import { registerKinds } from './kinds.ts';
import { registerLocations } from './locations.ts';
import { registerOrganization } from './organization.ts';
import { registerProblems } from './problems.ts';
import { registerSources } from './sources.ts';
import type { Routes, RouteTools } from './tools.ts';
import { registerValidate } from './validate.ts';

/**
 * The catalog's HTTP routes, as a plugin of the HTTP server.
 */
export const catalogRoutes =
  (options: { context: CatalogContext; actions: CatalogActions; access: Access }) =>
  async (http: Routes): Promise<void> => {
    const { context, actions, access } = options;
    const scopeOf: RouteTools['scopeOf'] = async (request, permission = 'catalog.entity.read') => {
      const principal = access.principalOf(request);
      const read = access.scope(principal, 'catalog.entity.read');
      if (permission === 'catalog.entity.read') return read;
      const scope = access.scope(principal, permission);
      // Nobody changes what they may not see.
      return read && scope ? allOf(read, scope) : (read ?? scope);
    };
    const tools: RouteTools = { context, actions, access, scopeOf, reading: createReading(context) };
    registerEntityLists(http, tools);
    registerEntity(http, tools);
    registerOrganization(http, tools);
    registerFacets(http, tools);
    registerLocations(http, tools);
    registerValidate(http, tools);
    registerDescriptor(http, tools);
    registerSources(http, tools);
    registerProblems(http, tools);
    registerKinds(http, tools);
    registerEntityPages(http, tools);
    registerEvents(http, tools);
  };
