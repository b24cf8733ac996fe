import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { prepareText } from './testing/prepare-text.ts';

const base = 'https://github.com/acme/shop/tree/main/';

const api = (definition: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: shop\nspec:\n  type: openapi\n  lifecycle: production\n  owner: team\n  definition:\n    ${definition}\n`;

const definitionOf = async (text: string, files: Record<string, string>) => {
  const { entities, problems } = await prepareText(text, { files });
  expect(problems).toEqual([]);
  return (JSON.parse(entities[0]!.body) as { spec: { definition: string } }).spec.definition;
};

const component = (field: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: shop\n  more:\n${field}spec:\n  type: service\n  lifecycle: production\n  owner: team\n`;

const moreOf = async (field: string, files: Record<string, string>) => {
  const { entities, problems } = await prepareText(component(field), { files });
  expect(problems).toEqual([]);
  return (JSON.parse(entities[0]!.body) as { metadata: { more: unknown } }).metadata.more;
};

const problemOf = async (text: string, files: Record<string, string> = {}) => {
  const { entities, problems } = await prepareText(text, { files });
  expect(entities).toEqual([]);
  expect(problems).toHaveLength(1);
  return problems[0]!;
};

describe('placeholders', () => {
  it('put in text, JSON and YAML', async () => {
    const files = { [`${base}a.txt`]: 'Hello\n', [`${base}b/c.json`]: '{"x":[1]}', [`${base}d.yaml`]: 'y: yes\n' };
    expect(await definitionOf(api('$text: ./a.txt'), files)).toBe('Hello\n');
    expect(await moreOf('    - $json: b/c.json\n    - $yaml: /d.yaml\n', files)).toEqual([{ x: [1] }, { y: 'yes' }]);
  });

  it('are left alone beside other keys, with unknown names, and in what was put in', async () => {
    const files = { [`${base}a.json`]: '{"deep":{"$text":"./b.txt"}}' };
    expect(
      await moreOf(
        '    one: { $text: ./a.txt, other: 1 }\n    two: { $ref: "#/x" }\n    three: { $json: ./a.json }\n',
        files,
      ),
    ).toEqual({ one: { $text: './a.txt', other: 1 }, two: { $ref: '#/x' }, three: { deep: { $text: './b.txt' } } });
  });

  it('name what the document depends on, also when it cannot be read', async () => {
    const { dependencies } = await prepareText(`${api('$text: ./b.txt')}---\n${api('$text: ./a.txt')}`);
    expect(dependencies).toEqual([`${base}a.txt`, `${base}b.txt`]);
  });

  it('that cannot be read are reported once, at their place', async () => {
    expect(await problemOf(api('$text: ./a.txt'))).toMatchObject({
      code: 'CATALOG_DESCRIPTOR_PLACEHOLDER',
      path: '/spec/definition/$text',
      line: 10,
      column: 5,
      message: `$text failed: it could not be read: ${base}a.txt is not there.`,
      entityRef: 'api:default/shop',
    });
  });

  it.each([
    ['a value that is no string', '$text: [a]', 'its value is not a string'],
    ['another repository', '$text: https://github.com/acme/other/blob/main/a.txt', 'it is in another repository'],
    [
      'a raw address of another repository',
      '$text: https://raw.example.com/o/r/src/main/a.txt',
      'it is in another repository',
    ],
    ['JSON with a mistake', '$json: ./a.json', './a.json is not JSON'],
    ['YAML with a mistake', '$yaml: ./a.yaml', './a.yaml is not YAML: line 1, column 4'],
    ['several YAML documents', '$yaml: ./b.yaml', './b.yaml has 2 YAML documents, exactly one is expected'],
  ])('refuse %s', async (_, placeholder, message) => {
    const files = { [`${base}a.json`]: '{', [`${base}a.yaml`]: 'a: b: c', [`${base}b.yaml`]: 'a: 1\n---\nb: 2\n' };
    expect((await problemOf(api(placeholder), files)).message).toContain(message);
  });

  it('may stand on servers that are no repository', async () => {
    expect(
      await definitionOf(api('$text: https://specs.example.com/a.txt'), { 'https://specs.example.com/a.txt': 'x' }),
    ).toBe('x');
  });

  it('cannot give an entity its name', async () => {
    const text = component('    - 1\n').replace('name: shop', 'name: { $text: ./name }');
    expect(await problemOf(text, { [`${base}name`]: 'shop' })).toMatchObject({
      path: '/metadata/name',
      expected: 'a string',
    });
  });

  it('are relative to files on disk', async () => {
    const { entities } = await prepareText(api('$text: ../a.txt'), {
      location: 'file:/srv/shop/info.yaml',
      files: { '/srv/a.txt': 'x' },
    });
    expect(entities[0]?.body).toContain('"definition":"x"');
  });

  it('are left to the source in cloned repositories', async () => {
    const location = 'git:https://github.com/acme/shop.git/blob/main/docs/info.yaml';
    const relative = await prepareText(api('$text: ../a.txt'), { location, files: { '../a.txt': 'x' } });
    expect(relative.entities).toHaveLength(1);
    const absolute = await prepareText(api('$text: https://github.com/acme/shop/blob/main/b.txt'), {
      location,
      files: { '/b.txt': 'x' },
    });
    expect(absolute.entities).toHaveLength(1);
    const other = await prepareText(api('$text: https://github.com/acme/other/blob/main/b.txt'), { location });
    expect(other.problems[0]?.message).toContain('another repository');
  });

  it('are limited in number', async () => {
    const fields = Array.from({ length: 12 }, (_, index) => `    - $text: ./${index}\n`).join('');
    const { problems } = await prepareText(component(fields), {
      settings: { limits: { placeholders: 10 } },
      files: Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`${base}${index}`, 'x'])),
    });
    expect(problems.map(({ path }) => path)).toEqual(['/metadata/more/10/$text', '/metadata/more/11/$text']);
  });
});

describe('definitions in several files', () => {
  it('are put together, each part once', async () => {
    const files = {
      [`${base}openapi.yaml`]: [
        'openapi: 3.1.0',
        'paths:',
        '  /a: { $ref: "./paths/a.yaml" }',
        '  /b: { $ref: "./paths/b.yaml#/one" }',
        'components: { schemas: { Local: { type: string } } }',
      ].join('\n'),
      [`${base}paths/a.yaml`]: 'get: { schema: { $ref: "../schemas.json#/User" } }\n',
      [`${base}paths/b.yaml`]:
        'one: { get: { schema: { $ref: "../schemas.json#/User" }, other: { $ref: "../openapi.yaml#/components/schemas/Local" } } }\n',
      [`${base}schemas.json`]:
        '{"User":{"type":"object","properties":{"friend":{"$ref":"#/User"},"address":{"$ref":"#/Address"}}},"Address":{"type":"string"}}',
    };
    const definition = await definitionOf(api('$openapi: ./openapi.yaml'), files);
    expect(parse(definition)).toEqual({
      openapi: '3.1.0',
      paths: {
        '/a': {
          get: {
            schema: {
              type: 'object',
              properties: { friend: { $ref: '#/paths/~1a/get/schema' }, address: { type: 'string' } },
            },
          },
        },
        '/b': {
          get: { schema: { $ref: '#/paths/~1a/get/schema' }, other: { $ref: '#/components/schemas/Local' } },
        },
      },
      components: { schemas: { Local: { type: 'string' } } },
    });
  });

  it('keep references to other repositories', async () => {
    const other = 'https://github.com/acme/other/blob/main/x.yaml';
    const definition = await definitionOf(api('$openapi: ./a.yaml'), { [`${base}a.yaml`]: `a: { $ref: "${other}" }` });
    expect(parse(definition)).toEqual({ a: { $ref: other } });
  });

  it('keep references to other servers, and are written as they were', async () => {
    const files = { [`${base}async.json`]: '{"asyncapi":"3.0.0","x":{"$ref":"https://other.example/x.json"}}' };
    expect(JSON.parse(await definitionOf(api('$asyncapi: ./async.json'), files))).toEqual({
      asyncapi: '3.0.0',
      x: { $ref: 'https://other.example/x.json' },
    });
  });

  it.each([
    ['file:/srv/docs/info.yaml', '/srv/docs/'],
    ['git:https://github.com/acme/shop/blob/main/docs/info.yaml', ''],
    ['url:https://files.example.com/docs/info.yaml', 'https://files.example.com/docs/'],
  ])('are followed from %s', async (location, folder) => {
    const files = {
      [`${folder}api/a.yaml`]: 'a: { $ref: "../common/b.yaml#/b" }\n',
      [`${folder}common/b.yaml`]: 'b: { c: { $ref: "../api/a.yaml#/a" } }\n',
    };
    const { entities, problems, dependencies } = await prepareText(api('$openapi: ./api/a.yaml'), { location, files });
    expect(problems).toEqual([]);
    const body = JSON.parse(entities[0]!.body) as { spec: { definition: string } };
    expect(parse(body.spec.definition)).toEqual({ a: { c: { $ref: '#/a' } } });
    expect(dependencies).toEqual(Object.keys(files));
  });

  it.each([
    ['a missing file', { 'a.yaml': 'x: { $ref: "./b.yaml" }' }, 'b.yaml is not there'],
    [
      'a missing part',
      { 'a.yaml': 'x: { $ref: "./b.yaml#/no" }', 'b.yaml': 'yes: 1' },
      './b.yaml#/no names something that is not there',
    ],
  ])('report %s', async (_, named, message) => {
    const files = Object.fromEntries(Object.entries(named).map(([name, text]) => [`${base}${name}`, text]));
    expect((await problemOf(api('$openapi: ./a.yaml'), files)).message).toContain(message);
  });

  it('may refer to each other in circles', async () => {
    const files = {
      [`${base}a.yaml`]: 'a: { $ref: "./b.yaml" }\n',
      [`${base}b.yaml`]: 'b: { $ref: "./c.yaml" }\n',
      [`${base}c.yaml`]: 'c: { $ref: "./b.yaml" }\n',
    };
    expect(parse(await definitionOf(api('$openapi: ./a.yaml'), files))).toEqual({ a: { b: { c: { $ref: '#/a' } } } });
  });
});
