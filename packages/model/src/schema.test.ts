import TypeBox from 'typebox';
import { expect, test } from 'vitest';
import { Type } from './schema.ts';

const build = (of: typeof Type) =>
  of.Object(
    {
      text: of.String({ minLength: 1 }),
      maybe: of.Optional(of.Integer({ minimum: 0, description: 'a number' })),
      list: of.Array(of.Union([of.Literal('a'), of.Literal(2), of.Literal(false), of.Null()]), { default: [] }),
      map: of.Record(of.String(), of.Unknown(), { description: 'anything' }),
      both: of.Intersect([of.Object({ x: of.Number() }), of.Object({ y: of.Optional(of.Boolean()) })]),
      other: of.Unsafe<'a'>({ type: 'string', enum: ['a'] }),
      empty: of.Object({}, { additionalProperties: false }),
    },
    { additionalProperties: false, description: 'all of it' },
  );

test('builds what TypeBox builds', () => {
  expect(JSON.parse(JSON.stringify(build(Type)))).toEqual(
    JSON.parse(JSON.stringify(build(TypeBox as unknown as typeof Type))),
  );
});

test('requires what is not optional, and leaves no mark in the published schema', () => {
  expect(build(Type).required).toEqual(['text', 'list', 'map', 'both', 'other', 'empty']);
  expect(Object.keys(Type.Optional(Type.String()))).toEqual(['type']);
});
