import { Type } from '../schema.ts';
import type { Entity } from '../entity.ts';
import type { JsonObject } from '../json.ts';
import type { Problem } from '../problem.ts';

const text = (description: string) => ({ type: 'string', description });
const textMap = (description: string) => ({ type: 'object', additionalProperties: { type: 'string' }, description });

/** An entity as the catalog serves it. Kinds may add what they like below `metadata` and `spec`. */
export const EntitySchema = Type.Unsafe<Entity>({
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata'],
  properties: {
    apiVersion: text('Version of the format this entity is written in.'),
    kind: text('The high level type of the entity.'),
    metadata: {
      type: 'object',
      required: ['name'],
      properties: {
        uid: text('Identity of this entity for as long as it exists. Set by the catalog.'),
        etag: text('Changes with each change of the descriptor. Set by the catalog.'),
        name: text('Name, unique per kind and namespace.'),
        namespace: text('Namespace that the entity belongs to.'),
        title: text('Name for people, where the name is cumbersome.'),
        description: text('What this is, in a line or two.'),
        labels: textMap('Short facts for machines, made to be filtered by.'),
        annotations: textMap('Facts for tools that work with this entity.'),
        tags: { type: 'array', items: { type: 'string' } },
        links: {
          type: 'array',
          items: {
            type: 'object',
            required: ['url'],
            properties: {
              url: text('Address.'),
              title: text('Name of the link.'),
              icon: text('Name of an icon.'),
              type: text('Category.'),
            },
          },
        },
      },
    },
    spec: { type: 'object', description: 'What the kind defines.' },
    relations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['type', 'targetRef'],
        properties: {
          type: text('Such as ownedBy.'),
          targetRef: text('Ref of the entity at the other end; it need not exist.'),
        },
      },
    },
    status: {
      type: 'object',
      properties: {
        items: {
          type: 'array',
          items: {
            type: 'object',
            required: ['type', 'level', 'message'],
            properties: {
              type: text('What reports it.'),
              level: { type: 'string', enum: ['info', 'warning', 'error'] },
              message: text('What is wrong.'),
              error: {
                type: 'object',
                properties: { name: text('Class.'), message: text('Text.'), code: text('Code.') },
              },
            },
          },
        },
      },
    },
  },
});

/** An entity, or null where a ref is not known. */
export const NullableEntity = Type.Union([EntitySchema, Type.Null()]);

/** A predicate as JSON: `{"kind":"component","metadata.tags":{"$contains":"java"}}`, combined by $all, $any and $not. */
export const PredicateSchema = Type.Unsafe<JsonObject>({
  type: 'object',
  additionalProperties: true,
  description:
    'Predicate: paths with a value, {"$exists"}, {"$in"}, {"$hasPrefix"} or {"$contains"}; combined by {"$all":[…]}, {"$any":[…]} and {"$not":…}.',
  examples: [{ $all: [{ kind: 'component' }, { 'spec.type': { $in: ['service', 'website'] } }] }],
});

/** Something wrong with an input, and what to do about it. */
export const ProblemSchema = Type.Unsafe<Problem>({
  type: 'object',
  required: ['code', 'severity', 'message', 'fix'],
  properties: {
    code: text('Stable code, listed in the error reference.'),
    severity: { type: 'string', enum: ['error', 'warning', 'information'] },
    message: text('What is wrong.'),
    fix: text('What to do about it.'),
    location: text('The document, such as url:https://… or file:/….'),
    line: { type: 'integer', minimum: 1 },
    column: { type: 'integer', minimum: 1 },
    path: text('JSON pointer within the document.'),
    expected: text('What would be right.'),
    found: text('What stands there.'),
    entityRef: text('The entity it is about.'),
  },
});

/** GET /entities/by-name/… */
export const EntityQuery = Type.Object(
  {
    longest: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: 'Texts below spec with more characters than this are cut; whole when absent.',
      }),
    ),
  },
  { additionalProperties: false },
);
