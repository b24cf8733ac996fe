import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDescriptors } from './check.ts';

const component = (name: string, spec = '') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: production\n  owner: team\n${spec}`;
const team =
  'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: team\nspec:\n  type: team\n  children: []\n';

let directory: string;

const put = (path: string, text: string | Uint8Array) => {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
};

const check = async (...paths: string[]) => {
  const { problems, ...counts } = await checkDescriptors({ paths, directory });
  const shown = problems.map(({ location, line, code, path }) =>
    [location?.replace(`file:${directory}/`, ''), line, code, path].filter((part) => part !== undefined).join(' '),
  );
  return { ...counts, problems: shown };
};

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'callboard-check-')));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('checkDescriptors', () => {
  it('finds descriptors in folders, by glob and by name', async () => {
    put('a/catalog-info.yaml', component('a'));
    put('b/deep/catalog-info.yml', component('b'));
    put('b/node_modules/x/catalog-info.yaml', component('x'));
    put('c/other.yaml', team);
    expect(await check('a', 'b', 'c/other.yaml')).toEqual({ files: 3, documents: 3, entities: 3, problems: [] });
    expect(await check('*/*.yaml')).toEqual({ files: 2, documents: 2, entities: 2, problems: [] });
  });

  it('follows locations on disk and placeholders of the repository', async () => {
    put('.git/HEAD', 'ref: refs/heads/main\n');
    put('docs/a.md', 'text');
    const location = `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: all }\nspec:\n  targets: [./parts/*.yaml, ./team.yaml, https://elsewhere.example/x.yaml]\n`;
    put('catalog/all.yaml', location);
    put('catalog/team.yaml', team);
    put(
      'catalog/parts/a.yaml',
      component('a').replace('name: a\n', 'name: a\n  description: { $text: ../../docs/a.md }\n'),
    );
    expect(await check('catalog/all.yaml')).toEqual({ files: 3, documents: 3, entities: 3, problems: [] });
  });

  it('reports targets that are not there, unless they are optional', async () => {
    const location = (name: string, more: string) =>
      `apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: ${name} }\nspec:\n  target: ./none.yaml\n${more}`;
    put('a.yaml', `${location('a', '')}---\n${location('b', '  presence: optional\n')}`);
    expect((await check('a.yaml')).problems).toEqual(['a.yaml 5 CATALOG_SOURCE_NOT_FOUND /spec/target']);
  });

  it('compares the descriptors with each other', async () => {
    put('a/catalog-info.yaml', `${team}---\n${component('a', '  dependsOn:\n    - resource:db\n    - component:b\n')}`);
    put('b/catalog-info.yaml', `# second\n${component('B')}---\n${component('A')}`);
    expect((await check('.')).problems).toEqual([
      'b/catalog-info.yaml 14 CATALOG_ENTITY_CONFLICT /metadata/name',
      'a/catalog-info.yaml 18 CATALOG_RELATION_TARGET_MISSING /spec/dependsOn/0',
    ]);
  });

  it('uses kinds and rules of a configuration', async () => {
    put('a.yaml', `${team}---\napiVersion: example.com/v1\nkind: Room\nmetadata: { name: blue }\n`);
    const kinds = [{ kind: 'Room', apiVersions: ['example.com/v1'], schema: {} }];
    const { entities, problems } = await checkDescriptors({
      paths: ['a.yaml'],
      directory,
      kinds,
      rules: [{ allow: ['Room'] }],
    });
    expect(entities).toBe(1);
    expect(problems).toMatchObject([{ code: 'CATALOG_DESCRIPTOR_NOT_ALLOWED', entityRef: 'group:default/team' }]);
    expect((await check('a.yaml')).problems).toEqual(['a.yaml 10 CATALOG_DESCRIPTOR_KIND_UNKNOWN /kind']);
  });

  it('notes what it does not read: addresses and skeletons', async () => {
    const placeholder = '  more: { $text: https://elsewhere.example/a.md }\n';
    put('a.yaml', `${team}---\n${component('a', placeholder)}---\n${component('${{ values.name }}')}`);
    expect(await check('a.yaml')).toEqual({
      files: 1,
      documents: 3,
      entities: 2,
      problems: ['a.yaml 1 CATALOG_CHECK_ADDRESS_NOT_READ', 'a.yaml 19 CATALOG_DESCRIPTOR_SKELETON'],
    });
  });

  it('stays within the repository and within the limits', async () => {
    put('inner/.git/HEAD', '');
    put('secret.md', 'secret');
    put('inner/a.yaml', component('a').replace('name: a\n', 'name: a\n  description: { $text: ../secret.md }\n'));
    put('inner/large.yaml', Buffer.alloc(11 * 1024 * 1024, 'a: 1\n'));
    expect((await check('inner/a.yaml', 'inner/large.yaml')).problems).toEqual([
      'inner/a.yaml 5 CATALOG_DESCRIPTOR_PLACEHOLDER /metadata/description/$text',
      'inner/large.yaml 1 CATALOG_FILE_TOO_LARGE',
    ]);
  });

  it('refuses a path that does not exist', async () => {
    await expect(check('none')).rejects.toMatchObject({ code: 'CATALOG_SOURCE_NOT_FOUND', status: 404 });
  });
});
