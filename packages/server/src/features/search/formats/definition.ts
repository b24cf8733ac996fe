import { load } from 'js-yaml';
import { asyncapiOperations } from './asyncapi.ts';
import { graphqlOperations } from './graphql.ts';
import { openapiOperations } from './openapi.ts';
import { type ApiOperation, isObject } from './operation.ts';
import { protoOperations } from './proto.ts';

/** Definitions longer than this are not read. */
export const longestDefinition = 8 * 1024 * 1024;

/**
 * What an API definition offers. The definition decides by its own words which format it has; the type of the API only helps with the
 * two that are not YAML. What cannot be read offers nothing: whether a definition is right is the catalog's question.
 */
export function operationsOf(type: string, definition: string): ApiOperation[] {
  if (definition.length > longestDefinition) return [];
  if (type === 'graphql' || (type !== 'openapi' && /^\s*(?:type|schema|extend type)\s+\w*\s*\{/m.test(definition)))
    return graphqlOperations(definition);
  if (type === 'grpc' || /^\s*syntax\s*=\s*["']proto/m.test(definition)) return protoOperations(definition);
  let document: unknown;
  try {
    document = definition.trimStart().startsWith('{') ? JSON.parse(definition) : load(definition);
  } catch {
    return [];
  }
  if (!isObject(document)) return [];
  if ('asyncapi' in document) return asyncapiOperations(document);
  return 'openapi' in document || 'swagger' in document ? openapiOperations(document) : [];
}
