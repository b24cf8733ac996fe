import { type Static, Type } from '../schema.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { closed, optionalText, time } from './common.ts';
import { ProblemSchema } from './entity.ts';

/** Most characters of a descriptor file that is shown or edited in the browser. */
export const largestDescriptor = 1_048_576;

/** GET /descriptor: which file is meant. One of the two is given. */
export const DescriptorQuery = Type.Object(
  {
    entityRef: optionalText('The entity that the file describes.'),
    problem: Type.Optional(Type.Integer({ minimum: 1, description: 'Id of a problem of the file.' })),
  },
  closed,
);
export type DescriptorQuery = Static<typeof DescriptorQuery>;

const valuePlace = Type.Object({
  path: Type.String({ description: 'JSON pointer within the document.' }),
  line: Type.Integer({ description: 'Line of the file.' }),
  column: Type.Integer(),
});

const describedDocument = Type.Object({
  line: Type.Integer({ description: 'First line.' }),
  endLine: Type.Integer({ description: 'Last line that is not empty.' }),
  entityRef: optionalText('What it describes, when it could be read.'),
  values: Type.Array(valuePlace, { description: 'Where each value stands, in the order of the file.' }),
});

/** GET /descriptor: the text of a descriptor file as it is now, and what the catalog knows about it. */
export const DescriptorResponse = Type.Object({
  document: Type.Integer({ description: 'Id of the file, for checking and saving.' }),
  location: Type.String({ description: 'The file, such as file:/… or url:https://….' }),
  sourceId: Type.Integer(),
  sourceType: Type.String(),
  sourceState: Type.String(),
  text: Type.String({ description: 'The text with line feeds, whatever the file has.' }),
  hash: Type.String({ description: 'Stands for these bytes; saving asks for it.' }),
  lineEnding: Type.Unsafe<'lf' | 'crlf'>({ type: 'string', enum: ['lf', 'crlf'] }),
  writable: Type.Boolean({ description: 'Whether the portal can write the file.' }),
  reason: optionalText('Why it cannot.'),
  viewUrl: optionalText('The page of the file on its code host.'),
  editUrl: optionalText('The page on which the code host lets it be edited.'),
  version: optionalText('Commit that was read last, where the source has commits.'),
  readAt: time('When the catalog last read what it holds of it.'),
  seenAt: Type.Optional(time('When the source last answered: until then, what is held was true.')),
  documents: Type.Array(describedDocument),
  problems: Type.Array(ProblemSchema, { description: 'What is wrong with the text as it is now.' }),
});
export type DescriptorResponse = Static<typeof DescriptorResponse>;

const editedText = Type.String({ maxLength: largestDescriptor, description: 'The whole text of the file.' });
const documentId = Type.Integer({ minimum: 1, description: 'Id of the file, from GET /descriptor.' });

/** POST /descriptor/check */
export const CheckDescriptorBody = Type.Object({ document: documentId, text: editedText }, closed);
export type CheckDescriptorBody = Static<typeof CheckDescriptorBody>;

const edge = Type.Object({
  source: Type.String(),
  type: Type.String(),
  target: Type.String(),
  exists: Type.Boolean({ description: 'Whether both ends exist, or would.' }),
});
const entityChange = Type.Object({
  entityRef: Type.String(),
  line: Type.Integer(),
  action: Type.Unsafe<'created' | 'updated' | 'unchanged' | 'conflict'>({
    type: 'string',
    enum: ['created', 'updated', 'unchanged', 'conflict'],
  }),
  heldBy: optionalText('Conflict only: the file that describes it already.'),
  changes: Type.Array(
    Type.Object({
      path: Type.String(),
      before: Type.Optional(Type.Unsafe<JsonValue>({})),
      after: Type.Optional(Type.Unsafe<JsonValue>({})),
    }),
  ),
});

/** What a text would do to the catalog; nothing is stored. */
export const CheckDescriptorResponse = Type.Object({
  problems: Type.Array(ProblemSchema, { description: 'Every fault with line and column, errors first.' }),
  entities: Type.Array(entityChange, { description: 'At most 200, those that change first.' }),
  entityCount: Type.Integer({ description: 'How many entities the text describes.' }),
  removed: Type.Array(Type.String(), { description: 'Refs that the text does not describe any more.' }),
  relations: Type.Object({ added: Type.Array(edge), removed: Type.Array(edge) }, { description: 'At most 200 each.' }),
});
export type CheckDescriptorResponse = Static<typeof CheckDescriptorResponse>;

/** PUT /descriptor */
export const SaveDescriptorBody = Type.Object(
  {
    document: documentId,
    text: editedText,
    hash: Type.String({ minLength: 1, maxLength: 100, description: 'Hash of the text that was opened.' }),
    withErrors: Type.Optional(
      Type.Boolean({ description: 'Save although the catalog would not take all of it. Refused otherwise.' }),
    ),
  },
  closed,
);
export type SaveDescriptorBody = Static<typeof SaveDescriptorBody>;
export const SaveDescriptorResponse = Type.Object({
  hash: Type.String({ description: 'Of the text that is now in the file.' }),
  check: CheckDescriptorResponse,
});
export type SaveDescriptorResponse = Static<typeof SaveDescriptorResponse>;

/** GET /descriptor/schemas: the kinds as the catalog checks them. */
export const DescriptorSchemasResponse = Type.Object({
  kinds: Type.Array(
    Type.Object({
      kind: Type.String(),
      description: optionalText('What it is.'),
      apiVersions: Type.Array(Type.String()),
      schema: Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true }),
      variants: Type.Array(
        Type.Object({
          type: Type.String(),
          schema: Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true }),
        }),
      ),
      references: Type.Array(
        Type.Object({
          field: Type.String({ description: 'Path below spec that holds refs of entities.' }),
          kinds: Type.Array(Type.String(), { description: 'Kinds that it may name; any when empty.' }),
          isKindNeeded: Type.Boolean({ description: 'Whether a ref must say its kind.' }),
        }),
      ),
    }),
  ),
});
export type DescriptorSchemasResponse = Static<typeof DescriptorSchemasResponse>;

/** GET /problems/:id/excerpt: the lines around a problem, as the file has them now. */
export const ProblemIdPath = Type.Object({ id: Type.Integer({ minimum: 1 }) }, closed);
export type ProblemIdPath = Static<typeof ProblemIdPath>;
export const ProblemExcerptResponse = Type.Object({
  location: Type.String(),
  firstLine: Type.Integer({ description: 'Line of the file of the first of these lines.' }),
  lines: Type.Array(Type.String(), { description: 'At most 9 lines of at most 400 characters.' }),
  line: Type.Integer({ description: 'The faulty line.' }),
  column: Type.Optional(Type.Integer({ description: 'Where in it the fault begins.' })),
});
export type ProblemExcerptResponse = Static<typeof ProblemExcerptResponse>;
