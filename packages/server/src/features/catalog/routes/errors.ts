import { defineErrors } from '../../../core/errors/index.ts';

/** What the catalog's routes refuse or do not find. */
export const routeErrors = defineErrors('CATALOG', {
  entityNotFound: {
    name: 'NotFoundError',
    message: "No entity named '{name}' found, with kind '{kind}' in namespace '{namespace}'",
    fix: 'Check the spelling, or look for it with GET /api/catalog/entities/by-query; its descriptor may also have been removed or be broken (GET /api/catalog/problems).',
  },
  entityRefInvalid: {
    name: 'InputError',
    message: 'Invalid entity reference: {reason}',
    fix: 'Write <kind>:<namespace>/<name>, for example component:default/payments-api.',
  },
  locationOfEntityUnknown: {
    name: 'NotFoundError',
    message: 'Found no registered location that brought {ref}',
    fix: 'Only locations registered by API or page have one; GET …/provenance tells where the entity comes from.',
  },
  locationFieldUnknown: {
    name: 'InputError',
    message: "Locations cannot be asked for '{field}'",
    fix: 'Ask for id, type, target or entityRef.',
  },
  facetMissing: {
    name: 'InputError',
    message: 'Missing facet parameter',
    fix: 'Name at least one path, for example facet=spec.type.',
  },
  orderChanged: {
    name: 'InputError',
    message: 'The order is not the one that the page before was sorted by',
    fix: 'Follow the Link header unchanged, or start again without after.',
  },
  problemUnknown: {
    name: 'NotFoundError',
    message: "There is no failed entity '{id}'",
    fix: 'List them with GET /api/catalog/entities/unprocessed/failed.',
  },
});
