import { createHash } from 'node:crypto';
import type { Term } from '@callboard/model';
import { describe, expect, it } from 'vitest';
import { eachTerm } from '../../term-text.ts';
import { prepareText } from './testing/prepare-text.ts';

const component = (name = 'shop', more = '') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n${more}spec:\n  type: service\n  lifecycle: production\n  owner: team\n`;

describe('the entity', () => {
  it('is completed, related and indexed', async () => {
    const text = `${component('Shop', '  title: The Shop\n  uid: mine\n')}  system: retail\n  dependsOn: [resource:z, component:a]\n  providesApis: [b, a]\n`;
    const { entities, problems, targets, dependencies } = await prepareText(text);
    expect({ problems, targets, dependencies }).toEqual({ problems: [], targets: [], dependencies: [] });
    const [entity] = entities;
    const { body, terms, hash, ...columns } = entity!;
    expect(columns).toEqual({
      ref: 'component:default/shop',
      kind: 'component',
      namespace: 'default',
      name: 'shop',
      displayKind: 'Component',
      label: 'The Shop',
      title: 'The Shop',
      description: null,
      type: 'service',
      lifecycle: 'production',
      owner: 'group:default/team',
      system: 'system:default/retail',
      line: 1,
      relations: [
        ['component:default/shop', 'dependsOn', 'component:default/a'],
        ['component:default/shop', 'dependsOn', 'resource:default/z'],
        ['component:default/shop', 'ownedBy', 'group:default/team'],
        ['component:default/shop', 'partOf', 'system:default/retail'],
        ['component:default/shop', 'providesApi', 'api:default/a'],
        ['component:default/shop', 'providesApi', 'api:default/b'],
      ],
    });
    expect(JSON.parse(body)).toEqual({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'Shop',
        namespace: 'default',
        title: 'The Shop',
        annotations: {
          'backstage.io/managed-by-location': 'url:https://github.com/acme/shop/blob/main/catalog-info.yaml',
          'backstage.io/managed-by-origin-location': 'url:https://github.com/acme/shop/blob/main/catalog-info.yaml',
          'backstage.io/view-url': 'https://github.com/acme/shop/blob/main/catalog-info.yaml',
          'backstage.io/edit-url': 'https://github.com/acme/shop/edit/main/catalog-info.yaml',
          'backstage.io/source-location': 'url:https://github.com/acme/shop/tree/main/',
        },
      },
      spec: {
        type: 'service',
        lifecycle: 'production',
        owner: 'team',
        system: 'retail',
        dependsOn: ['component:a', 'resource:z'],
        providesApis: ['a', 'b'],
      },
    });
    expect(hash).toBe(
      createHash('sha1')
        .update(`${body}\n${JSON.stringify(columns.relations)}`)
        .digest('hex'),
    );
    const indexed: Term[] = [];
    eachTerm(terms, (...term) => indexed.push(term));
    expect(indexed).toContainEqual(['spec.dependson', 'component:a', null, 1]);
  });

  it('keeps its hash when a list is reordered, and changes it with the content', async () => {
    const hashOf = async (text: string) => (await prepareText(text)).entities[0]?.hash;
    const one = await hashOf(`${component()}  dependsOn: [resource:z, component:a]\n`);
    expect(await hashOf(`${component()}  dependsOn: [component:a, resource:z]\n`)).toBe(one);
    expect(await hashOf(`${component()}  dependsOn: [component:a]\n`)).not.toBe(one);
  });

  it('stands at the first line of its document', async () => {
    const { entities } = await prepareText(`# note\n\n${component('a')}---\n\n# note\n${component('b')}---\n`);
    expect(entities.map(({ name, line }) => [name, line])).toEqual([
      ['a', 3],
      ['b', 14],
    ]);
  });
});

describe('annotations', () => {
  const annotationsOf = async (text: string, location?: string) => {
    const { entities } = await prepareText(
      text,
      location ? { location, originLocation: 'url:https://origin.example/x' } : {},
    );
    return (JSON.parse(entities[0]!.body) as { metadata: { annotations: Record<string, string> } }).metadata
      .annotations;
  };

  it('are few for files', async () => {
    expect(await annotationsOf(component(), 'file:/srv/catalog-info.yaml')).toEqual({
      'backstage.io/managed-by-location': 'file:/srv/catalog-info.yaml',
      'backstage.io/managed-by-origin-location': 'url:https://origin.example/x',
    });
  });

  it('give way to own words, except for where the entity comes from', async () => {
    const own = `  annotations:\n    backstage.io/view-url: https://own.example/\n    backstage.io/managed-by-location: url:https://forged.example/\n`;
    expect(await annotationsOf(component('shop', own))).toMatchObject({
      'backstage.io/view-url': 'https://own.example/',
      'backstage.io/managed-by-location': 'url:https://github.com/acme/shop/blob/main/catalog-info.yaml',
    });
  });

  it('hold no script address', async () => {
    const own = '  annotations:\n    backstage.io/edit-url: "java\\nscript:alert(1)"\n';
    expect((await annotationsOf(component('shop', own)))['backstage.io/edit-url']).toBe(
      'https://backstage.io/annotation-rejected-for-security-reasons',
    );
  });
});

describe('bytes', () => {
  const names = async (bytes: Uint8Array) => {
    const { entities, problems } = await prepareText(bytes);
    return {
      names: entities.map(({ name }) => name),
      problems: problems.map(({ code, severity, line }) => [code, severity, line]),
    };
  };

  it.each([
    ['UTF-8', Buffer.from(component())],
    ['UTF-8 with a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(component())])],
    ['UTF-16 little endian', Buffer.from(`\uFEFF${component()}`, 'utf16le')],
    ['UTF-16 big endian', Buffer.from(`\uFEFF${component()}`, 'utf16le').swap16()],
    ['CRLF', Buffer.from(component().replaceAll('\n', '\r\n'))],
  ])('are read as %s', async (_, bytes) => {
    expect(await names(bytes)).toEqual({ names: ['shop'], problems: [] });
  });

  it('keep their line breaks apart from their content', async () => {
    const text = component('shop', '  description: |\n    one\n    two\n').replaceAll('\n', '\r\n');
    expect((await prepareText(text)).entities[0]?.description).toBe('one\ntwo\n');
  });

  it('that are not UTF-8 are replaced and reported', async () => {
    const bytes = Buffer.from(component('shop', '  description: caf\xe9\n'), 'latin1');
    expect(await names(bytes)).toEqual({ names: ['shop'], problems: [['CATALOG_FILE_ENCODING', 'warning', 5]] });
  });

  it.each([
    ['an image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['noise', Buffer.from(Array.from({ length: 2000 }, (_, index) => 0x80 + ((index * 7) % 0x7f)))],
    ['a zero byte in a text', Buffer.from(component('shop\0'))],
  ])('of %s are refused', async (_, bytes) => {
    expect(await names(bytes)).toEqual({ names: [], problems: [['CATALOG_FILE_BINARY', 'error', 1]] });
  });

  it('are refused above the limit', async () => {
    const { entities, problems } = await prepareText(component(), { settings: { limits: { fileSize: 50 } } });
    expect(entities).toEqual([]);
    expect(problems).toMatchObject([{ code: 'CATALOG_FILE_TOO_LARGE', expected: 'at most 50 bytes' }]);
    expect((await prepareText(Buffer.alloc(50 * 1024 * 1024, 'a: 1\n'))).problems[0]?.code).toBe(
      'CATALOG_FILE_TOO_LARGE',
    );
  });
});

describe('documents', () => {
  it('that are broken leave the others alone', async () => {
    const { entities, problems } = await prepareText(`${component('a')}---\na: b: c\n---\n${component('b')}`);
    expect(entities.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(problems).toMatchObject([{ code: 'CATALOG_YAML_SYNTAX', line: 10, column: 4 }]);
    expect(problems[0]).not.toHaveProperty('entityRef');
  });

  it('that are no maps are reported, empty ones are not', async () => {
    const { problems } = await prepareText('---\n---\n- a\n---\ntext\n---\n# nothing\n');
    expect(problems.map(({ code, line, message }) => [code, line, message])).toEqual([
      ['CATALOG_YAML_NOT_A_MAP', 3, 'The document is a list, not a map of fields.'],
      ['CATALOG_YAML_NOT_A_MAP', 5, 'The document is a string, not a map of fields.'],
    ]);
  });

  it('with an emoji as name get a clear problem', async () => {
    const { problems } = await prepareText(component('🛒'));
    expect(problems).toMatchObject([{ path: '/metadata/name', line: 4, column: 3, found: '"🛒"' }]);
  });

  it('have a hash that changes with text, place, settings and dependencies', async () => {
    const text = component('shop', '  description: { $text: ./d.md }\n');
    const target = 'https://github.com/acme/shop/tree/main/d.md';
    const one = await prepareText(text, { files: { [target]: 'x' } });
    expect(one.dependencies).toEqual([target]);
    const others = [
      await prepareText(text, { files: { [target]: 'y' } }),
      await prepareText(`${text}\n`, { files: { [target]: 'x' } }),
      await prepareText(text, { files: { [target]: 'x' }, settings: { skipSkeletons: false } }),
      await prepareText(text, { files: { [target]: 'x' }, rules: [{ allow: ['API'] }] }),
      await prepareText(text, { files: { [target]: 'x' }, originLocation: 'url:https://other.example/' }),
    ];
    const hashes = [one, ...others].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect((await prepareText(text, { files: { [target]: 'x' } })).hash).toBe(one.hash);
  });
});

describe('locations', () => {
  const location = (spec: string) =>
    `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: all\nspec:\n${spec}`;

  it('tell what to read, in the way of their own file', async () => {
    const { targets } = await prepareText(
      location('  target: ./a.yaml\n  targets: [b/*.yaml, /c.yaml, https://x.example/d.yaml]\n'),
    );
    expect(targets.map(({ type, target, presence }) => [type, target, presence])).toEqual([
      ['url', 'https://github.com/acme/shop/tree/main/a.yaml', 'required'],
      ['url', 'https://github.com/acme/shop/tree/main/b/*.yaml', 'required'],
      ['url', 'https://github.com/acme/shop/tree/main/c.yaml', 'required'],
      ['url', 'https://x.example/d.yaml', 'required'],
    ]);
    expect(targets[0]).toMatchObject({ entityRef: 'location:default/all', path: '/spec/target', line: 6, column: 3 });
    expect(targets[2]).toMatchObject({ path: '/spec/targets/1', line: 7, column: 23 });
  });

  it('leave the targets of other types as they are', async () => {
    const { targets } = await prepareText(location('  type: file\n  target: ./a.yaml\n  presence: optional\n'));
    expect(targets).toMatchObject([{ type: 'file', target: './a.yaml', presence: 'optional' }]);
    const onDisk = await prepareText(location('  target: ./a.yaml\n'), { location: 'file:/srv/all.yaml' });
    expect(onDisk.targets).toMatchObject([{ type: 'file', target: './a.yaml' }]);
  });

  it('with mistakes tell nothing', async () => {
    const { targets, problems } = await prepareText(location('  targets: ./a.yaml\n'));
    expect(targets).toEqual([]);
    expect(problems).toMatchObject([{ path: '/spec/targets', expected: 'a list', line: 6 }]);
  });
});

describe('rules', () => {
  it('refuse an entity alone', async () => {
    const group =
      'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: g\nspec:\n  type: team\n  children: []\n';
    const { entities, problems } = await prepareText(`${component()}---\n${group}`, {
      settings: { rules: [{ allow: ['component'] }] },
    });
    expect(entities.map(({ ref }) => ref)).toEqual(['component:default/shop']);
    expect(problems).toMatchObject([
      { code: 'CATALOG_DESCRIPTOR_NOT_ALLOWED', entityRef: 'group:default/g', line: 11, path: '/kind' },
    ]);
  });

  it('are widened by those of the source', async () => {
    const { entities } = await prepareText(component(), { settings: { rules: [] }, rules: [{ allow: ['Component'] }] });
    expect(entities).toHaveLength(1);
  });
});
