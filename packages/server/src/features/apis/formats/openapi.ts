import type { ApiOperation, ApiSection } from '@callboard/model';
import { createGroups, createIds, type Definition, emptyDefinition, limits, withoutEmptyGroups } from './definition.ts';
import { linkDocument } from './document.ts';
import { contentsOf, parameterField, type Reader, responsesOf } from './http-body.ts';
import { factsOf, filled, isObject, isTrue, type Json, listOf, objectOf, textOf } from './json.ts';
import { createSchemas } from './json-schema.ts';
import { callOf, needsOf, oldBody, securityOf, serversOf } from './openapi-call.ts';

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']);
const parameterTitles = { path: 'Path parameters', query: 'Query parameters', header: 'Headers', cookie: 'Cookies' };

/** Parameters of the path with those of the operation over them. */
function parametersOf(reader: Reader, item: Json, operation: Json): Json[] {
  const found = new Map<string, Json>();
  for (const each of [...listOf(item['parameters']), ...listOf(operation['parameters'])]) {
    const parameter = reader.linked.follow(each);
    if (parameter) found.set(`${String(parameter['in'])} ${String(parameter['name'])}`, parameter);
  }
  return [...found.values()];
}

function parameterSections(reader: Reader, parameters: Json[]): ApiSection[] {
  return Object.entries(parameterTitles).flatMap(([place, title]) => {
    const fields = parameters
      .filter((parameter) => parameter['in'] === place)
      .map((parameter) => parameterField(reader, textOf(parameter['name']) ?? '?', parameter))
      .map((field) => (place === 'path' ? { ...field, required: true as const } : field));
    return fields.length > 0 ? [{ kind: 'parameters' as const, title, fields }] : [];
  });
}

function requestSection(reader: Reader, operation: Json, parameters: Json[], consumes: string[]): ApiSection[] {
  const body = reader.linked.follow(operation['requestBody']);
  const found = body
    ? {
        required: body['required'] === true,
        description: textOf(body['description']),
        contents: contentsOf(reader, body['content'], true),
      }
    : oldBody(reader, parameters, consumes);
  return found ? [filled({ kind: 'request' as const, title: 'Request body', ...found })] : [];
}

function callbackSections(reader: Reader, callbacks: unknown): ApiSection[] {
  return Object.entries(objectOf(callbacks)).flatMap(([name, value]) =>
    Object.entries(reader.linked.follow(value) ?? {}).flatMap(([address, item]) =>
      Object.entries(reader.linked.follow(item) ?? {}).flatMap(([method, operation]): ApiSection[] => {
        if (!methods.has(method) || !isObject(operation)) return [];
        const body = reader.linked.follow(operation['requestBody']);
        return [
          filled({
            kind: 'message' as const,
            title: `Callback ${name}: ${method.toUpperCase()} ${address}`,
            description: textOf(operation['description']) ?? textOf(operation['summary']),
            contents: contentsOf(reader, body?.['content'], false),
          }),
        ];
      }),
    ),
  );
}

const mediaTypes = (...lists: unknown[]): string[] => {
  const found = lists.map(listOf).find((list) => list.length > 0);
  return found ? found.map(String).slice(0, 20) : ['application/json'];
};

/** Reads OpenAPI 3.0, 3.1 and 3.2, and Swagger 2.0. */
export function readOpenapi(root: Json, text: string, language: Definition['language']): Definition {
  const linked = linkDocument(root, text);
  const schemas = createSchemas(linked, ['#/components/schemas', '#/definitions']);
  const reader: Reader = { linked, schemas };
  const isOld = root['swagger'] !== undefined;
  const formatVersion = textOf(root['openapi']) ?? textOf(root['swagger']);
  const known = isOld ? /^2(\.0)?$/ : /^3\.[012](\.|$)/;
  if (!known.test(formatVersion ?? ''))
    linked.note(
      {
        code: 'APIS_VERSION_UNKNOWN',
        message: `The version ${formatVersion ?? '(none)'} of OpenAPI is not known.`,
        fix: 'Say openapi: 3.1.0, 3.0.3 or swagger: "2.0". It is read as well as it can be.',
      },
      isOld ? 'swagger' : 'openapi',
    );
  const info = objectOf(root['info']);
  const servers = serversOf(root);
  const groups = createGroups(
    listOf(root['tags'])
      .filter(isObject)
      .flatMap((tag) => {
        const name = textOf(tag['name']);
        return name === undefined ? [] : [filled({ name, description: textOf(tag['description']) })];
      }),
  );
  const ids = createIds();
  const operations: (ApiOperation & { group: number })[] = [];
  let isCut = false;

  const add = (path: string, item: Json, method: string, operation: Json, isWebhook: boolean) => {
    const verb = method.toUpperCase();
    const parameters = parametersOf(reader, item, operation);
    const own = serversOf({ servers: operation['servers'] ?? item['servers'] });
    const request = requestSection(reader, operation, parameters, mediaTypes(operation['consumes'], root['consumes']));
    const tag = textOf(listOf(operation['tags'])[0]);
    const security = needsOf(operation['security'] ?? root['security']);
    operations.push({
      ...filled({
        id: ids(textOf(operation['operationId']) ?? `${verb} ${path}`),
        verb,
        name: path,
        title: textOf(operation['summary']) ?? textOf(item['summary']),
        description: textOf(operation['description']) ?? textOf(item['description']),
        deprecated: isTrue(operation['deprecated']),
        security,
      }),
      group: groups.place(tag ?? (isWebhook ? 'Webhooks' : 'Operations')),
      facts: factsOf([
        ['Operation', operation['operationId']],
        [
          'More',
          objectOf(operation['externalDocs'])['description'] ?? objectOf(operation['externalDocs'])['url'],
          objectOf(operation['externalDocs'])['url'],
        ],
        ...own.map(({ url }): [string, unknown] => ['Server', url]),
      ]),
      sections: [
        ...parameterSections(reader, parameters),
        ...request,
        ...responsesOf(reader, operation['responses'], mediaTypes(operation['produces'], root['produces'])),
        ...callbackSections(reader, operation['callbacks']),
      ],
      ...(!isWebhook && {
        call: callOf(reader, {
          method: verb,
          path,
          servers: own.length > 0 ? own : servers,
          parameters,
          bodies: request[0]?.contents ?? [],
        }),
      }),
    });
  };

  for (const [places, isWebhook] of [
    [root['paths'], false],
    [root['webhooks'] ?? root['x-webhooks'], true],
  ] as const)
    for (const [path, value] of Object.entries(objectOf(places))) {
      const item = path.startsWith('x-') ? undefined : linked.follow(value);
      if (!item) continue;
      for (const [method, operation] of Object.entries(item)) {
        if (!methods.has(method) || !isObject(operation)) continue;
        if (operations.length >= limits.operations) isCut = true;
        else add(path, item, method, operation, isWebhook);
      }
    }
  if (!isObject(root['paths']) && !isObject(root['webhooks']) && !isObject(root['components']))
    linked.note({
      code: 'APIS_NOTHING_OFFERED',
      message: 'The definition has no paths.',
      fix: 'Describe the operations under paths.',
    });

  const contact = objectOf(info['contact']);
  const licence = objectOf(info['license']);
  const more = objectOf(root['externalDocs']);
  const types = schemas.types();
  return withoutEmptyGroups({
    ...emptyDefinition('openapi', language),
    formatVersion,
    version: textOf(info['version']),
    title: textOf(info['title']),
    description: [textOf(info['summary']), textOf(info['description'])].filter(Boolean).join('\n\n') || undefined,
    facts: factsOf([
      [
        'Contact',
        contact['name'] ?? contact['email'] ?? contact['url'],
        contact['url'] ?? (textOf(contact['email']) && `mailto:${textOf(contact['email'])}`),
      ],
      ['Licence', licence['name'], licence['url']],
      ['Terms', info['termsOfService'], info['termsOfService']],
      ['More', more['description'] ?? more['url'], more['url']],
    ]),
    servers,
    security: securityOf(reader),
    groups: groups.list,
    operations,
    types,
    found: linked.problems,
    leftOut:
      isCut || schemas.isCut()
        ? 'The definition is larger or deeper than what is shown; the text has all of it.'
        : undefined,
  });
}
