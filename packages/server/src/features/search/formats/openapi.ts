import {
  type ApiOperation,
  isObject,
  type Json,
  mostOperations,
  objectsOf,
  sentences,
  textOf,
  textsOf,
} from './operation.ts';

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']);

const parameterNames = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.flatMap((item) => (isObject(item) && textOf(item['name']) ? [textOf(item['name'])] : []))
    : [];

/** Operations of OpenAPI 3 and Swagger 2 documents, webhooks included. */
export function openapiOperations(document: Json): ApiOperation[] {
  const base = textOf(document['basePath']).replace(/\/$/, '');
  const found: ApiOperation[] = [];
  const places = [...objectsOf(document['paths']), ...objectsOf(document['webhooks'])];
  for (const [path, item] of places)
    for (const [method, operation] of objectsOf(item)) {
      if (!methods.has(method) || found.length >= mostOperations) continue;
      const title = `${method.toUpperCase()} ${path.startsWith('/') ? base + path : path}`;
      const id = textOf(operation['operationId']);
      found.push({
        id: title,
        type: 'operation',
        title,
        anchor: `${method.toUpperCase()} ${path}`,
        names: id ? [id] : [],
        words: [
          title,
          ...textsOf(operation['tags']),
          ...parameterNames(operation['parameters']),
          ...parameterNames(item['parameters']),
        ],
        text: sentences(textOf(operation['summary']), textOf(operation['description']), textOf(item['summary'])),
        deprecated: operation['deprecated'] === true,
      });
    }
  return found;
}
