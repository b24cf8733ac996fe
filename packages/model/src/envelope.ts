import { textFormats, type TextFormat } from './formats.ts';
import { isJsonObject, type JsonObject, type JsonValue, toPointer } from './json.ts';
import { type Fault, showValue } from './problem.ts';

type Path = (string | number)[];

const typeName = (value: JsonValue | undefined) => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return { string: 'a string', number: 'a number', boolean: 'a boolean' }[typeof value as 'string'] ?? 'nothing';
};

const fieldName = (path: Path) =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .slice(1) || 'the document';

/** The fault of a required field that is not there. `path` is the place where it should stand. */
export const missingFault = (path: Path, expected: string): Fault => ({
  code: 'CATALOG_DESCRIPTOR_FIELD_MISSING',
  message: `${fieldName(path)} is missing.`,
  path: toPointer(path),
  expected,
  found: 'nothing',
  fix: `Add ${fieldName(path)}: ${expected}.`,
});

/** The fault of a value of the wrong type. */
export const typeFault = (path: Path, expected: string, value: JsonValue): Fault => ({
  code: 'CATALOG_DESCRIPTOR_FIELD_TYPE',
  message: `${fieldName(path)} must be ${expected}, but it is ${typeName(value)}.`,
  path: toPointer(path),
  expected,
  found: showValue(value),
  fix:
    expected === 'a string' && (typeof value === 'number' || typeof value === 'boolean')
      ? `Put quotes around it: "${String(value)}".`
      : value === null
        ? `Give ${fieldName(path)} a value, or delete the line.`
        : `Make ${fieldName(path)} ${expected}.`,
});

/** The fault of a text with no characters. */
export const emptyFault = (path: Path): Fault => ({
  code: 'CATALOG_DESCRIPTOR_FIELD_EMPTY',
  message: `${fieldName(path)} is empty.`,
  path: toPointer(path),
  expected: 'a text of at least one character',
  found: '""',
  fix: `Give ${fieldName(path)} a value, or delete the line.`,
});

const formatFault = (path: Path, format: TextFormat, value: string, what = fieldName(path)): Fault => ({
  code: 'CATALOG_DESCRIPTOR_FIELD_FORMAT',
  message: `${what} is not valid: ${showValue(value)}.`,
  path: toPointer(path),
  expected: format.expected,
  found: showValue(value),
  fix: `Use ${format.expected}.`,
});

const unknownFault = (path: Path): Fault => ({
  code: 'CATALOG_DESCRIPTOR_FIELD_UNKNOWN',
  message: `${fieldName(path)} is not a field of an entity.`,
  path: toPointer(path),
  expected: 'apiVersion, kind, metadata and spec only',
  found: showValue(path.at(-1)),
  fix: 'Delete it, or move it under metadata or spec, where own fields are kept.',
});

type TextRule = { required?: boolean; mayBeEmpty?: boolean; format?: TextFormat };

const checkText = (faults: Fault[], path: Path, value: JsonValue | undefined, rule: TextRule): void => {
  if (value === undefined) {
    if (rule.required) faults.push(missingFault(path, rule.format?.expected ?? 'a string'));
  } else if (typeof value !== 'string') faults.push(typeFault(path, 'a string', value));
  else if (value === '' && !rule.mayBeEmpty) faults.push(emptyFault(path));
  else if (rule.format && !rule.format.valid(value)) faults.push(formatFault(path, rule.format, value));
};

const checkMap = (faults: Fault[], path: Path, value: JsonValue | undefined, format?: TextFormat): void => {
  if (value === undefined) return;
  if (!isJsonObject(value)) {
    faults.push(typeFault(path, 'a map of strings', value));
    return;
  }
  for (const key of Object.keys(value)) {
    const at = [...path, key];
    if (!textFormats.key.valid(key))
      faults.push(formatFault(at, textFormats.key, key, `The key of ${fieldName(path)}`));
    checkText(faults, at, value[key], { mayBeEmpty: true, format });
  }
};

const checkList = (
  faults: Fault[],
  path: Path,
  value: JsonValue | undefined,
  check: (item: JsonValue, at: Path) => void,
): void => {
  if (value === undefined) return;
  if (!Array.isArray(value)) faults.push(typeFault(path, 'a list', value));
  else value.forEach((item, index) => check(item, [...path, index]));
};

const checkLink = (faults: Fault[], link: JsonValue, at: Path): void => {
  if (!isJsonObject(link)) {
    faults.push(typeFault(at, 'a map with url', link));
    return;
  }
  checkText(faults, [...at, 'url'], link.url, { required: true, format: textFormats.url });
  checkText(faults, [...at, 'title'], link.title, { format: textFormats.nonBlank });
  checkText(faults, [...at, 'icon'], link.icon, { format: textFormats.nonBlank });
  checkText(faults, [...at, 'type'], link.type, {});
};

const checkMetadata = (faults: Fault[], metadata: JsonObject): void => {
  const at = (...keys: Path) => ['metadata', ...keys];
  checkText(faults, at('name'), metadata.name, { required: true, format: textFormats.name });
  checkText(faults, at('namespace'), metadata.namespace, { format: textFormats.namespace });
  checkText(faults, at('uid'), metadata.uid, {});
  checkText(faults, at('etag'), metadata.etag, {});
  checkText(faults, at('title'), metadata.title, {});
  checkText(faults, at('description'), metadata.description, { mayBeEmpty: true });
  checkMap(faults, at('labels'), metadata.labels, textFormats.labelValue);
  checkMap(faults, at('annotations'), metadata.annotations);
  checkList(faults, at('tags'), metadata.tags, (tag, path) => {
    if (typeof tag === 'string') checkText(faults, path, tag, { format: textFormats.tag });
    else faults.push(typeFault(path, 'a string', tag));
  });
  checkList(faults, at('links'), metadata.links, (link, path) => checkLink(faults, link, path));
};

const rootFields = new Set(['apiVersion', 'kind', 'metadata', 'spec']);

/**
 * Checks what all kinds of entity have in common: the four root fields and the rules of metadata.
 *
 * @param document - a document as read from a descriptor
 * @returns every fault, in the order of the fields; empty when the envelope is right
 */
export function checkEnvelope(document: JsonObject): Fault[] {
  const faults: Fault[] = [];
  checkText(faults, ['apiVersion'], document.apiVersion, { required: true, format: textFormats.apiVersion });
  checkText(faults, ['kind'], document.kind, { required: true, format: textFormats.kind });
  if (document.metadata === undefined) faults.push(missingFault(['metadata'], 'a map with name'));
  else if (!isJsonObject(document.metadata)) faults.push(typeFault(['metadata'], 'a map with name', document.metadata));
  else checkMetadata(faults, document.metadata);
  if (document.spec !== undefined && !isJsonObject(document.spec))
    faults.push(typeFault(['spec'], 'a map', document.spec));
  for (const key of Object.keys(document)) if (!rootFields.has(key)) faults.push(unknownFault([key]));
  return faults;
}

const text = { type: 'string', minLength: 1 };
const texts = { type: 'object', additionalProperties: { type: 'string' } };

/** The envelope as JSON Schemas that kinds may refer to with `$ref: Entity` or `$ref: EntityMeta`. */
export const envelopeSchemas: JsonObject[] = [
  {
    $id: 'EntityMeta',
    type: 'object',
    required: ['name'],
    properties: {
      uid: text,
      etag: text,
      name: { ...text, maxLength: 63 },
      namespace: { ...text, maxLength: 63 },
      title: text,
      description: { type: 'string' },
      labels: texts,
      annotations: texts,
      tags: { type: 'array', items: text },
      links: {
        type: 'array',
        items: { type: 'object', required: ['url'], properties: { url: text, title: text, icon: text, type: text } },
      },
    },
  },
  {
    $id: 'Entity',
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata'],
    properties: { apiVersion: text, kind: text, metadata: { $ref: 'EntityMeta' }, spec: { type: 'object' } },
    additionalProperties: false,
  },
];
