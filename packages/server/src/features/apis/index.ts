/**
 * What APIs offer. Reads definitions of many formats into one form and answers for their parts, so that a page needs no viewer for each
 * format and a large definition is never sent whole. Keeps nothing but memory: the catalog has the definitions.
 */
import type { HttpServer } from '../../core/http/index.ts';
import type { Outbound } from '../../core/outbound/index.ts';
import type { Access } from '../access/index.ts';
import type { EntityTexts } from '../catalog/index.ts';
import type { ApisConfig } from './config.ts';
import { createDefinitions } from './definitions.ts';
import { createReaders } from './readers.ts';
import { registerRoutes } from './routes.ts';

export { apisConfig, apisSection, type ApisConfig } from './config.ts';

export type Apis = { stop(): Promise<void> };

/** Puts the feature together and registers its routes. */
export function createApis(
  core: { http: HttpServer; outbound: Outbound },
  features: { access: Access; catalog: EntityTexts },
  config: ApisConfig,
): Apis {
  const readers = createReaders();
  const definitions = createDefinitions(features.catalog, readers);
  registerRoutes(core.http, { definitions, config, outbound: core.outbound, access: features.access });
  return { stop: () => readers.close() };
}
