import type { ApiCall, ApiContent, ApiFact, ApiSecurity, ApiServer } from '@callboard/model';
import { contentsOf, type Reader } from './http-body.ts';
import { factsOf, filled, isObject, type Json, listOf, objectOf, showValue, textOf } from './json.ts';
import { sampleOf } from './sample.ts';

/** An address with the default of each of its variables. */
export const withDefaults = (url: string, variables: unknown): string =>
  url.replaceAll(/\{([^}]+)\}/g, (whole, name: string) =>
    showValue(objectOf(objectOf(variables)[name])['default'] ?? whole),
  );

/** Servers of an OpenAPI 3 object, or of a Swagger 2 document. */
export function serversOf(holder: Json): ApiServer[] {
  const servers = listOf(holder['servers']).filter(isObject);
  if (servers.length > 0)
    return servers.slice(0, 50).map((server) =>
      filled({
        url: withDefaults(textOf(server['url']) ?? '/', server['variables']),
        description: textOf(server['description']),
        variables: Object.entries(objectOf(server['variables'])).map(([name, value]) => {
          const variable = objectOf(value);
          return filled({
            name,
            type: 'string',
            description: textOf(variable['description']),
            default: textOf(variable['default']),
            values: listOf(variable['enum']).map((each) => ({ value: showValue(each) })),
          });
        }),
      }),
    ) as ApiServer[];
  const host = textOf(holder['host']);
  if (host === undefined) return [];
  const schemes = listOf(holder['schemes']).map(String);
  return (schemes.length > 0 ? schemes : ['https']).map((scheme) => ({
    url: `${scheme}://${host}${textOf(holder['basePath'])?.replace(/\/$/, '') ?? ''}`,
  }));
}

/** The ways to sign in. */
export function securityOf(reader: Reader): ApiSecurity[] {
  const { root } = reader.linked;
  const schemes = objectOf(objectOf(root['components'])['securitySchemes'] ?? root['securityDefinitions']);
  return Object.entries(schemes).flatMap(([id, value]): ApiSecurity[] => {
    const scheme = reader.linked.follow(value);
    if (!scheme) return [];
    const flows = isObject(scheme['flows'])
      ? Object.entries(scheme['flows'])
      : textOf(scheme['flow'])
        ? [[String(scheme['flow']), scheme] as const]
        : [];
    const facts: ApiFact[] = factsOf([
      ['Sent in', scheme['in']],
      ['Name', scheme['name']],
      ['Scheme', scheme['scheme']],
      ['Format', scheme['bearerFormat']],
      ['Discovery', scheme['openIdConnectUrl'], scheme['openIdConnectUrl']],
      ...flows.flatMap(([flow, given]): [string, unknown, unknown?][] => {
        const settings = objectOf(given);
        return [
          [`${flow}: sign-in`, settings['authorizationUrl'], settings['authorizationUrl']],
          [`${flow}: token`, settings['tokenUrl'], settings['tokenUrl']],
          [`${flow}: scopes`, Object.keys(objectOf(settings['scopes'])).join(', ')],
        ];
      }),
    ]);
    return [
      filled({
        id,
        type: textOf(scheme['type']) ?? 'unknown',
        description: textOf(scheme['description']),
        facts: [],
      }) as ApiSecurity,
    ].map((found) => ({ ...found, facts }));
  });
}

/** What has to be sent, alternatives first. */
export const needsOf = (value: unknown): { id: string; scopes: string[] }[][] | undefined =>
  Array.isArray(value)
    ? value
        .filter(isObject)
        .map((need) => Object.entries(need).map(([id, scopes]) => ({ id, scopes: listOf(scopes).map(String) })))
    : undefined;

type Place = ApiCall['parameters'][number]['in'];
const places = new Set(['path', 'query', 'header', 'cookie']);

/** How an operation is called, with examples in all places. */
export function callOf(
  { linked }: Reader,
  given: { method: string; path: string; servers: ApiServer[]; parameters: Json[]; bodies: ApiContent[] },
): ApiCall {
  const [body] = given.bodies.filter(({ mediaType }) => mediaType !== undefined);
  return {
    method: given.method,
    path: given.path,
    servers: given.servers.map(({ url }) => url),
    parameters: given.parameters.flatMap((parameter) => {
      const place = String(parameter['in']);
      const name = textOf(parameter['name']);
      if (!places.has(place) || name === undefined) return [];
      const schema = parameter['schema'] ?? parameter;
      const sample = parameter['example'] ?? sampleOf(linked, schema);
      return [
        {
          in: place as Place,
          name,
          required: place === 'path' || parameter['required'] === true,
          example: sample === undefined ? '' : showValue(sample),
        },
      ];
    }),
    ...(body && { body: { mediaType: body.mediaType!, text: body.examples[0]?.text ?? '' } }),
  };
}

/** The body of a Swagger 2 operation, which is a parameter or several. */
export function oldBody(
  reader: Reader,
  parameters: Json[],
  consumes: string[],
): { required: boolean; description: string | undefined; contents: ApiContent[] } | undefined {
  const body = parameters.find((parameter) => parameter['in'] === 'body');
  const form = parameters.filter((parameter) => parameter['in'] === 'formData');
  if (body)
    return {
      required: body['required'] === true,
      description: textOf(body['description']),
      contents: contentsOf(
        reader,
        Object.fromEntries(consumes.map((type) => [type, { schema: body['schema'] }])),
        true,
      ),
    };
  if (form.length === 0) return undefined;
  const properties = Object.fromEntries(
    form.map((field) => [String(field['name']), { ...field, name: undefined, in: undefined, required: undefined }]),
  );
  const schema = {
    type: 'object',
    properties,
    required: form.filter((field) => field['required'] === true).map((field) => field['name']),
  };
  const types = consumes.filter((type) => !type.includes('json'));
  const type = types[0] ?? 'application/x-www-form-urlencoded';
  return { required: true, description: undefined, contents: contentsOf(reader, { [type]: { schema } }, true) };
}
