import type { Problem } from '@callboard/model';
import { readAsyncapi } from './asyncapi.ts';
import { readAvro } from './avro.ts';
import { type Definition, emptyDefinition } from './definition.ts';
import { readDocument } from './document.ts';
import { isObject } from './json.ts';
import { readOpenapi } from './openapi.ts';
import { readProto } from './proto.ts';

const languages: Record<string, Definition['language']> = { trpc: 'typescript', typescript: 'typescript' };

/** What is only text: of a type that nobody here understands, or broken. */
const asText = (language: Definition['language'], found: Problem[] = []): Definition => ({
  ...emptyDefinition('text', language),
  found,
});

const looksLikeGraphql = /^\s*(?:"""|#|(?:extend\s+)?(?:schema|type|interface|input|enum|union|scalar|directive)\b)/;

/**
 * Understands a definition. Its own words decide what it is; the type of the API helps where it has none.
 *
 * @param type - `spec.type` of the API
 */
export async function readDefinition(type: string, text: string): Promise<Definition> {
  const word = type.toLowerCase();
  if (
    word === 'grpc' ||
    word === 'proto' ||
    word === 'protobuf' ||
    /^\s*(?:\/\/[^\n]*\n\s*)*(?:syntax|edition)\s*=\s*["']/.test(text)
  )
    return readProto(text);
  const isJson = /^\s*[{[]/.test(text);
  if (word === 'graphql' && (!isJson || looksLikeGraphql.test(text)))
    return (await import('./graphql.ts')).readGraphql(text);
  const language = languages[word];
  if (language !== undefined) return asText(language);
  const isKnown = ['openapi', 'swagger', 'asyncapi', 'avro', 'graphql'].includes(word);
  const { value, language: written, fault } = readDocument(text);
  if (isObject(value)) {
    if ('openapi' in value || 'swagger' in value) return readOpenapi(value, text, written);
    if ('asyncapi' in value) return readAsyncapi(value, text, written);
    if ('__schema' in value || (isObject(value['data']) && '__schema' in value['data']))
      return (await import('./graphql.ts')).readGraphql(text, value);
  }
  if (word === 'avro' && !fault) return readAvro(value);
  if (!isKnown)
    return asText(isObject(value) || Array.isArray(value) ? written : looksLikeGraphql.test(text) ? 'graphql' : 'text');
  if (fault) return asText(written, [fault]);
  const marks: Record<string, string> = { asyncapi: 'asyncapi: 3.0.0', graphql: 'type Query' };
  return asText(written, [
    {
      code: 'APIS_FORMAT_UNKNOWN',
      severity: 'error',
      message: `The API says it is ${word}, but the definition is not.`,
      fix: `A definition of this type begins with ${marks[word] ?? 'openapi: 3.1.0 or swagger: "2.0"'}. Correct it, or spec.type.`,
      line: 1,
    },
  ]);
}
