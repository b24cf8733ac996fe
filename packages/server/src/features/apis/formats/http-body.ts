import type { ApiContent, ApiField, ApiSchema, ApiSection } from '@callboard/model';
import type { Linked } from './document.ts';
import { filled, isObject, isTrue, type Json, objectOf, showJson, showValue, textOf } from './json.ts';
import type { Schemas } from './json-schema.ts';
import { sampleOf } from './sample.ts';

/** What the parts of an HTTP description are read with. */
export type Reader = { linked: Linked; schemas: Schemas };

/** Examples as they are written; none are made up here. */
export function examplesOf({ linked }: Reader, holder: Json): ApiContent['examples'] {
  const found: ApiContent['examples'] = [];
  if (holder['example'] !== undefined) found.push({ text: showJson(holder['example']) });
  for (const [name, value] of Object.entries(objectOf(holder['examples'])).slice(0, 5)) {
    const example = linked.follow(value);
    if (!example) continue;
    const shown = example['value'] ?? example['externalValue'];
    if (shown !== undefined) found.push({ name: textOf(example['summary']) ?? name, text: showJson(shown) });
  }
  return found;
}

const isStructured = (mediaType: string) => /json|^\*\/\*|form-urlencoded|multipart/.test(mediaType);

/** The bodies of a request or an answer by media type; one without an example gets a sample of its schema. */
export function contentsOf(reader: Reader, content: unknown, forRequest: boolean): ApiContent[] {
  return Object.entries(objectOf(content))
    .slice(0, 20)
    .map(([mediaType, value]) => {
      const media = objectOf(value);
      const schema = media['schema'] ?? media['itemSchema'];
      const examples = examplesOf(reader, media);
      if (examples.length === 0 && schema !== undefined && isStructured(mediaType)) {
        const sample = sampleOf(reader.linked, schema, { forRequest });
        if (sample !== undefined) examples.push({ text: showJson(sample) });
      }
      return { mediaType, ...(schema !== undefined && { schema: reader.schemas.read(schema) }), examples };
    });
}

/** A parameter or header as a field; Swagger 2 writes the schema into the parameter itself. */
export function parameterField(reader: Reader, name: string, parameter: Json): ApiField {
  const content = Object.values(objectOf(parameter['content']))[0];
  const written = parameter['schema'] ?? (isObject(content) ? content['schema'] : undefined);
  const inline: Json = { ...parameter };
  for (const key of ['in', 'name', 'required', 'description', 'style', 'explode', 'schema', 'content', 'examples'])
    delete inline[key];
  const schema: ApiSchema = reader.schemas.read(written ?? inline);
  const examples = examplesOf(reader, parameter).map(({ text }) => showValue(text));
  return filled({
    name,
    ...schema,
    description: textOf(parameter['description']) ?? schema.description,
    required: isTrue(parameter['required']),
    deprecated: isTrue(parameter['deprecated']) ?? schema.deprecated,
    examples: examples.length > 0 ? examples : schema.examples,
  }) as ApiField;
}

export const headersOf = (reader: Reader, headers: unknown): ApiField[] =>
  Object.entries(objectOf(headers)).flatMap(([name, value]) => {
    const header = reader.linked.follow(value);
    return header ? [parameterField(reader, name, header)] : [];
  });

/** The answers, by status. */
export function responsesOf(reader: Reader, responses: unknown, produces: string[]): ApiSection[] {
  return Object.entries(objectOf(responses)).flatMap(([status, value]): ApiSection[] => {
    if (status.startsWith('x-')) return [];
    const response = reader.linked.follow(value);
    if (!response) return [];
    const content =
      response['content'] ??
      (response['schema'] === undefined
        ? {}
        : Object.fromEntries(
            produces.map((type) => [
              type,
              { schema: response['schema'], example: objectOf(response['examples'])[type] },
            ]),
          ));
    return [
      filled({
        kind: 'response' as const,
        title: status === 'default' ? 'Every other status' : status,
        status,
        description: textOf(response['description']),
        fields: headersOf(reader, response['headers']),
        contents: contentsOf(reader, content, false),
      }),
    ];
  });
}
