import { defineErrors } from '../../core/errors/index.ts';

/** What the routes of APIs refuse or do not find. */
export const apiErrors = defineErrors('APIS', {
  apiUnknown: {
    name: 'NotFoundError',
    message: 'There is no API {ref}',
    fix: 'Check the spelling, or look for it with GET /api/catalog/entities/by-query?filter=kind=api.',
  },
  definitionMissing: {
    name: 'NotFoundError',
    message: '{ref} has no definition',
    fix: 'Give it one in spec.definition, for example with $text: ./openapi.yaml.',
  },
  operationUnknown: {
    name: 'NotFoundError',
    message: "{ref} has no operation '{id}'",
    fix: 'The definition may have changed: GET /api/apis/{namespace}/{name} lists what it offers now.',
  },
  typeUnknown: {
    name: 'NotFoundError',
    message: "{ref} has no type '{id}'",
    fix: 'The definition may have changed: GET /api/apis/{namespace}/{name} lists what it offers now.',
  },
  tryOff: {
    name: 'NotAllowedError',
    message: 'The portal may not call {host} to try an API out',
    fix: "Add '{host}' to apis.tryItOut.hosts in the configuration, if the portal may call it for everybody who reads this API.",
  },
  addressForeign: {
    name: 'InputError',
    message: '{url} is not an address of this operation',
    fix: 'Call one of the servers that the definition names, and fill in the parameters of the path.',
  },
  headerNotAllowed: {
    name: 'InputError',
    message: "The header '{name}' cannot be sent",
    fix: 'Leave it out: the portal sets it itself.',
  },
});
