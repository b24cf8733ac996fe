import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@callboard/model';
import type { TemplateParameterSchema } from '@callboard/model/http';
import {
  answersOf,
  faultsOfPage,
  placeOf,
  shownPages,
  valuesToKeep,
  valuesToSend,
  withDefaults,
  withNewDefaults,
  withoutForgotten,
} from './pages.ts';
import { gitAddressOf } from '../formats/hosts.ts';
import { contributedFields, meantBy } from './fields/contributed.tsx';
import { pageOf } from './ui-schema.ts';
import { faultsOf, validator } from './validator.ts';

/** As text: no object of ours has `then`. */
const condition = (inner: string): JsonObject =>
  JSON.parse(`{ "if": {}, "then": { "properties": { "more": ${inner} } } }`);

const faults = (schema: JsonObject, values: JsonObject) =>
  faultsOf(schema as never, values).map(({ property, message }) => `${placeOf(property)}: ${message}`);

describe('what is wrong with answers', () => {
  it('tells of each fault at its field, in words', () => {
    const schema = {
      type: 'object',
      required: ['name', 'owner'],
      properties: {
        name: { type: 'string', pattern: '^[a-z]+$' },
        title: { type: 'string', maxLength: 3 },
        size: { type: 'integer', minimum: 2 },
        tags: { type: 'array', minItems: 1, items: { type: 'object', required: ['id'], properties: { id: {} } } },
      },
    };
    expect(faults(schema, { name: 'A1', title: 'long', size: 1, tags: [{}] })).toEqual([
      'owner: Fill this in.',
      'name: It has to fit the pattern ^[a-z]+$',
      'title: At most 3 characters.',
      'size: 2 or more.',
      'tags/0/id: Fill this in.',
    ]);
    expect(faults(schema, { name: 'a', owner: 'b' })).toEqual([]);
  });

  it('says what the template says about a fault', () => {
    const schema = {
      required: ['a'],
      errorMessage: { required: { a: 'Name it, please.' } },
      properties: { a: { type: 'string', pattern: '^x', errorMessage: { pattern: 'Begin with x.' } } },
    };
    expect(faults(schema, {})).toEqual(['a: Name it, please.']);
    expect(faults(schema, { a: 'y' })).toEqual(['a: Begin with x.']);
  });

  it('does not stumble over what others write into schemas', () => {
    expect(
      faults(
        { properties: { a: { type: 'string', required: true, pattern: "^[a-z\\-\\_\\'\\ ]+$" } } },
        { a: 'a_b c' },
      ),
    ).toEqual([]);
    expect(faults({ properties: { a: { pattern: '(' } } }, { a: 'x' })).toEqual([]);
    expect(
      faults({ $schema: 'http://json-schema.org/draft-04/schema#', properties: { a: { type: 'number' } } }, { a: 'x' }),
    ).toEqual(['a: It has to be a number.']);
  });

  it('tells of the nearest branch of a choice only', () => {
    const schema = {
      oneOf: [
        { properties: { kind: { const: 'a' }, x: { type: 'string' } }, required: ['x'] },
        { properties: { kind: { const: 'b' }, y: { type: 'string' } }, required: ['y'] },
      ],
    };
    expect(faults(schema, { kind: 'b' })).toEqual(['y: Fill this in.']);
  });

  it('matches branches for the form builder, also with definitions', () => {
    const root = { definitions: { short: { type: 'string', maxLength: 2 } } };
    const schema = { properties: { a: { $ref: '#/definitions/short' } } };
    expect(validator.isValid(schema as never, { a: 'xy' }, root as never)).toBe(true);
    expect(validator.isValid(schema as never, { a: 'xyz' }, root as never)).toBe(false);
  });
});

describe('a page of a template', () => {
  const known = new Set(['OwnerPicker']);
  it('gives its ui words apart, also those of conditions and choices', () => {
    const { schema, uiSchema } = pageOf(
      {
        title: 'One',
        required: ['owner'],
        properties: {
          owner: { type: 'string', 'ui:field': 'OwnerPicker', 'ui:options': { catalogFilter: { kind: 'Group' } } },
          token: { type: 'string', 'ui:field': 'TheirOwnField' },
          db: { type: 'boolean', required: true },
          size: { type: 'string', enum: ['s'], enumNames: ['Small'] },
        },
        dependencies: {
          db: { oneOf: [{ properties: { db: { const: true }, note: { type: 'string', 'ui:widget': 'textarea' } } }] },
        },
        allOf: [condition('{ "ui:help": "Help" }')],
      },
      known,
    );
    expect(schema).toEqual({
      type: 'object',
      required: ['owner'],
      properties: {
        owner: { type: 'string' },
        token: { type: 'string' },
        db: { type: 'boolean' },
        size: { type: 'string', enum: ['s'] },
      },
      dependencies: { db: { oneOf: [{ properties: { db: { const: true }, note: { type: 'string' } } }] } },
      allOf: [condition('{}')],
    });
    expect(uiSchema).toEqual({
      owner: { 'ui:field': 'OwnerPicker', 'ui:options': { catalogFilter: { kind: 'Group' } } },
      token: { 'ui:unknownField': 'TheirOwnField' },
      size: { 'ui:enumNames': ['Small'] },
      note: { 'ui:widget': 'textarea' },
      more: { 'ui:help': 'Help' },
      'ui:submitButtonOptions': { norender: true },
    });
  });

  it('asks for what depends on an answer once it is given', () => {
    const page = {
      title: 'One',
      schema: {
        properties: { db: { type: 'boolean' } },
        dependencies: {
          db: {
            oneOf: [
              { properties: { db: { const: false } } },
              { properties: { db: { const: true }, note: { type: 'string' } }, required: ['note'] },
            ],
          },
        },
      },
    };
    expect(faultsOfPage(page, { db: false })).toEqual([]);
    expect(faultsOfPage(page, { db: true }).map(({ property }) => property)).toEqual(['.note']);
  });
});

describe('answers', () => {
  const form: TemplateParameterSchema = {
    title: 'T',
    steps: [
      {
        title: 'A',
        schema: {
          properties: {
            name: { title: 'Name' },
            token: { 'ui:field': 'Secret' },
            pin: { 'ui:backstage': { review: { mask: '***' } } },
            inner: { 'ui:backstage': { review: { show: false } } },
          },
        },
      },
      { title: 'B', isShown: false, schema: { properties: { name: {}, gone: {} } } },
    ],
  };
  const values = { name: 'n', token: '****', pin: 1, inner: 2, gone: 3, unasked: 4 };

  it('are sent without those of pages that have gone', () => {
    expect(shownPages(form).map(({ title }) => title)).toEqual(['A']);
    expect(valuesToSend(form, values)).toEqual({ name: 'n', token: '****', pin: 1, inner: 2, unasked: 4 });
  });

  it('are kept without secrets', () => {
    expect(valuesToKeep(form, values)).toEqual({ name: 'n', pin: 1, inner: 2, gone: 3, unasked: 4 });
  });

  it('lose stars whose secret is not known any more', () => {
    expect(withoutForgotten(form, { name: 'n', token: '****' }, {})).toEqual({ name: 'n' });
    expect(withoutForgotten(form, { token: '****' }, { token: 'x' })).toEqual({ token: '****' });
  });

  it('are completed with what pages answer by themselves', () => {
    const page = { title: 'P', schema: { properties: { a: { type: 'string', default: 'x' }, b: { type: 'string' } } } };
    expect(withDefaults([page], { b: 'y' })).toEqual({ a: 'x', b: 'y' });
  });

  it('lets what nobody has touched follow a default that has changed', () => {
    const formWith = (defaults: JsonObject) =>
      ({
        title: 'x',
        steps: [
          {
            title: 'y',
            schema: {
              properties: Object.fromEntries(Object.entries(defaults).map(([name, each]) => [name, { default: each }])),
            },
          },
        ],
      }) as unknown as TemplateParameterSchema;
    const before = formWith({ name: 'a', list: ['a'], own: 'a', gone: 'a' });
    const now = formWith({ name: 'b', list: ['a', 'b'], own: 'b', fresh: 'b' });
    const answers = { name: 'a', list: ['a'], own: 'mine', gone: 'a' };
    expect(withNewDefaults(before, now, answers)).toEqual({ name: 'b', list: ['a', 'b'], own: 'mine', gone: 'a' });
    expect(withNewDefaults(before, before, answers)).toBe(answers);
  });

  it('are reviewed as the template wants it', () => {
    expect(answersOf(shownPages(form), values)).toEqual([
      {
        title: 'A',
        answers: [
          { name: 'name', title: 'Name', value: 'n' },
          { name: 'token', title: 'token', value: '••••••' },
          { name: 'pin', title: 'pin', value: '***' },
        ],
      },
    ]);
  });
});

describe('fields of plugins', () => {
  const field = (from: string, name: string) => ({ from, name, component: () => null });
  const offered = [field('harbour', 'tide-picker'), field('other', 'tide-picker')];
  it.each([
    ['tide-picker', 'harbour'],
    ['TidePicker', 'harbour'],
    ['other:tide-picker', 'other'],
    ['harbour:none', undefined],
    ['Tide', undefined],
  ])('%s is the one of %s', (name, from) => {
    expect(meantBy(name, offered)?.from).toBe(from);
  });

  it('stand in for no field of the portal, and only where a page asks', () => {
    const page = {
      properties: { a: { 'ui:field': 'TidePicker' }, b: { 'ui:field': 'OwnerPicker' } },
      dependencies: { a: { oneOf: [{ properties: { c: { 'ui:field': 'other:tide-picker' } } }] } },
    };
    const own = { OwnerPicker: () => null };
    expect(Object.keys(contributedFields(page, own, [...offered, field('harbour', 'owner-picker')]))).toEqual([
      'TidePicker',
      'other:tide-picker',
    ]);
  });

  it('know the address that git reads branches from', () => {
    expect(
      [
        'github.com?owner=o&repo=r',
        'dev.azure.com?organization=a&project=p&repo=r',
        'shop.git',
        'shop',
        'h?owner=o',
      ].map(gitAddressOf),
    ).toEqual(['https://github.com/o/r.git', 'https://dev.azure.com/a/p/_git/r', 'shop.git', 'shop', undefined]);
  });
});
