import {
  EntityPath,
  ImpactQuery,
  ImpactResponse,
  LandscapeQuery,
  LandscapeResponse,
  OrganizationResponse,
  OwnershipResponse,
} from '@callboard/model/http';
import { impactOf } from '../store/read-impact.ts';
import { landscape } from '../store/read-landscape.ts';
import { organization, ownershipOf } from '../store/read-organization.ts';
import type { Routes, RouteTools } from './tools.ts';
import { base, entityNotFound, refOfPath } from './tools.ts';

const config = { permission: 'catalog.entity.read' };
const byName = `${base}/entities/by-name/:kind/:namespace/:name`;

/** Routes that answer for more than one entity at a time: what breaks, who owns what, how all hangs together. */
export function registerOrganization(http: Routes, { reading, scopeOf }: RouteTools): void {
  http.get(
    `${byName}/impact`,
    {
      config,
      schema: {
        operationId: 'GetEntityImpact',
        tags: ['entities'],
        summary: 'What breaks if an entity goes, directly and through others',
        params: EntityPath,
        querystring: ImpactQuery,
        response: { 200: ImpactResponse },
      },
    },
    async (request) => {
      const { limit = 500 } = request.query;
      const found = await impactOf(reading, { root: refOfPath(request.params), limit, scope: await scopeOf(request) });
      if (!found) throw entityNotFound(request.params);
      return found;
    },
  );
  http.get(
    `${byName}/ownership`,
    {
      config,
      schema: {
        operationId: 'GetEntityOwnership',
        tags: ['entities'],
        summary: 'What a group or user owns, itself and through groups, counted by kind and type',
        params: EntityPath,
        response: { 200: OwnershipResponse },
      },
    },
    async (request) => {
      const found = await ownershipOf(reading, { root: refOfPath(request.params), scope: await scopeOf(request) });
      if (!found) throw entityNotFound(request.params);
      return found;
    },
  );
  http.get(
    `${base}/organization`,
    {
      config,
      schema: {
        operationId: 'GetOrganization',
        tags: ['entities'],
        summary: 'All groups as a tree, with how many people are in them and how much they own',
        response: { 200: OrganizationResponse },
      },
    },
    async (request) => organization(reading, await scopeOf(request)),
  );
  http.get(
    `${base}/landscape`,
    {
      config,
      schema: {
        operationId: 'GetLandscape',
        tags: ['entities'],
        summary: 'Domains, their systems, and what these consist of',
        querystring: LandscapeQuery,
        response: { 200: LandscapeResponse },
      },
    },
    async (request) => landscape(reading, { parts: request.query.parts ?? 300, scope: await scopeOf(request) }),
  );
}
