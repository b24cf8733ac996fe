import type { KindDefinition } from '../kind.ts';
import { aiResource } from './ai-resource.ts';
import { group, location, user } from './organization.ts';
import { api, component, domain, resource, systemKind } from './software.ts';
import { template } from './template.ts';

/** The kinds that every catalog knows. */
export const builtInKinds: KindDefinition[] = [
  component,
  api,
  resource,
  systemKind,
  domain,
  group,
  user,
  location,
  template,
  aiResource,
];
