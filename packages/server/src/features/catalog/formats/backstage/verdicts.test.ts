import type { JsonObject, JsonValue } from '@callboard/model';
import { describe, expect, it } from 'vitest';
import { prepareText } from './testing/prepare-text.ts';

/** A valid Component with some values changed, given by path; `undefined` removes one. */
function component(changes: Record<string, JsonValue | undefined>): JsonObject {
  const document: JsonObject = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'shop' },
    spec: { type: 'service', lifecycle: 'production', owner: 'team' },
  };
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(' ');
    const last = keys.pop() as string;
    let target = document;
    for (const key of keys) target = (target[key] ??= {}) as JsonObject;
    if (value === undefined) delete target[last];
    else target[last] = value;
  }
  return document;
}

const a = (count: number) => 'a'.repeat(count);

/** Verdicts of catalog-model 1.10.1: accepted, or rejected for what stands at a path. */
const cases: [title: string, changes: Record<string, JsonValue | undefined>, blamed: string | undefined][] = [
  ['baseline', {}, undefined],
  ['name A', { 'metadata name': 'A' }, undefined],
  ['name a-', { 'metadata name': 'a-' }, '/metadata/name'],
  ['name -a', { 'metadata name': '-a' }, '/metadata/name'],
  ['name a_b.c-d', { 'metadata name': 'a_b.c-d' }, undefined],
  ['name with a blank', { 'metadata name': 'a b' }, '/metadata/name'],
  ['name of 63', { 'metadata name': a(63) }, undefined],
  ['name of 64', { 'metadata name': a(64) }, '/metadata/name'],
  ['name ünï', { 'metadata name': 'ünï' }, '/metadata/name'],
  ['name emoji', { 'metadata name': 'shop-🛒' }, '/metadata/name'],
  ['name "1"', { 'metadata name': '1' }, undefined],
  ['name a--b', { 'metadata name': 'a--b' }, undefined],
  ['name a/b', { 'metadata name': 'a/b' }, '/metadata/name'],
  ['name _a', { 'metadata name': '_a' }, '/metadata/name'],
  ['name empty', { 'metadata name': '' }, '/metadata/name'],
  ['name a number', { 'metadata name': 123 }, '/metadata/name'],
  ['namespace default', { 'metadata namespace': 'default' }, undefined],
  ['namespace Team', { 'metadata namespace': 'Team' }, '/metadata/namespace'],
  ['namespace a.b', { 'metadata namespace': 'a.b' }, '/metadata/namespace'],
  ['namespace a--b', { 'metadata namespace': 'a--b' }, undefined],
  ['namespace a-', { 'metadata namespace': 'a-' }, '/metadata/namespace'],
  ['namespace a_b', { 'metadata namespace': 'a_b' }, '/metadata/namespace'],
  ['namespace 1a', { 'metadata namespace': '1a' }, undefined],
  ['namespace empty', { 'metadata namespace': '' }, '/metadata/namespace'],
  ['namespace null', { 'metadata namespace': null }, '/metadata/namespace'],
  ['tag java', { 'metadata tags': ['java'] }, undefined],
  ['tag c++', { 'metadata tags': ['c++'] }, undefined],
  ['tag c#', { 'metadata tags': ['c#'] }, undefined],
  ['tag a:b', { 'metadata tags': ['a:b'] }, undefined],
  ['tag Java', { 'metadata tags': ['Java'] }, '/metadata/tags/0'],
  ['tag a_b', { 'metadata tags': ['a_b'] }, '/metadata/tags/0'],
  ['tag a--b', { 'metadata tags': ['a--b'] }, '/metadata/tags/0'],
  ['tag a.b', { 'metadata tags': ['a.b'] }, '/metadata/tags/0'],
  ['tag empty', { 'metadata tags': [''] }, '/metadata/tags/0'],
  ['tag of 64', { 'metadata tags': ['x', a(64)] }, '/metadata/tags/1'],
  ['tags null', { 'metadata tags': null }, '/metadata/tags'],
  ['label a', { 'metadata labels': { a: 'b' } }, undefined],
  ['label ex.com/a', { 'metadata labels': { 'ex.com/a': 'b' } }, undefined],
  ['label value empty', { 'metadata labels': { 'ex.com/a': '' } }, undefined],
  ['label Ex.com/a', { 'metadata labels': { 'Ex.com/a': 'b' } }, '/metadata/labels/Ex.com~1a'],
  ['label ex.com/a/b', { 'metadata labels': { 'ex.com/a/b': 'b' } }, '/metadata/labels/ex.com~1a~1b'],
  ['label value with a blank', { 'metadata labels': { a: 'x y' } }, '/metadata/labels/a'],
  ['label value of 64', { 'metadata labels': { a: 'y'.repeat(64) } }, '/metadata/labels/a'],
  ['label value a number', { 'metadata labels': { a: 1 } }, '/metadata/labels/a'],
  ['annotation a', { 'metadata annotations': { a: 'x' } }, undefined],
  ['annotation with domain', { 'metadata annotations': { 'backstage.io/techdocs-ref': 'dir:.' } }, undefined],
  ['annotation -a', { 'metadata annotations': { '-a': 'x' } }, '/metadata/annotations/-a'],
  ['annotation a.b.c/d_e', { 'metadata annotations': { 'a.b.c/d_e': 'x' } }, undefined],
  ['annotation with a blank', { 'metadata annotations': { 'a b': 'x' } }, '/metadata/annotations/a b'],
  ['annotation true', { 'metadata annotations': { a: true } }, '/metadata/annotations/a'],
  ['annotation empty', { 'metadata annotations': { a: '' } }, undefined],
  ['link relative', { 'metadata links': [{ url: '/rel' }] }, '/metadata/links/0/url'],
  ['link mailto', { 'metadata links': [{ url: 'mailto:a@b' }] }, undefined],
  ['link title blank', { 'metadata links': [{ url: 'https://a', title: ' ' }] }, '/metadata/links/0/title'],
  ['link icon empty', { 'metadata links': [{ url: 'https://a', icon: '' }] }, '/metadata/links/0/icon'],
  ['link with more', { 'metadata links': [{ url: 'https://a', more: 1 }] }, undefined],
  ['metadata with more', { 'metadata more': 1 }, undefined],
  ['root with more', { more: 1 }, '/more'],
  ['root relations', { relations: [] }, '/relations'],
  ['root status', { status: {} }, '/status'],
  ['spec with more', { 'spec more': 1 }, undefined],
  ['spec missing', { spec: undefined }, '/spec'],
  ['lifecycle missing', { 'spec lifecycle': undefined }, '/spec/lifecycle'],
  ['owner empty', { 'spec owner': '' }, '/spec/owner'],
  ['dependsOn a string', { 'spec dependsOn': 'component:a' }, '/spec/dependsOn'],
  ['dependsOn without kind', { 'spec dependsOn': ['component:a', 'b'] }, '/spec/dependsOn/1'],
  ['kind component', { kind: 'component' }, '/kind'],
  ['kind Foo', { kind: 'Foo' }, '/kind'],
  ['apiVersion v1beta1', { apiVersion: 'backstage.io/v1beta1' }, undefined],
  ['apiVersion v1alpha1', { apiVersion: 'v1alpha1' }, '/apiVersion'],
  ['title empty', { 'metadata title': '' }, '/metadata/title'],
  ['description empty', { 'metadata description': '' }, undefined],
  ['description null', { 'metadata description': null }, '/metadata/description'],
];

describe('verdicts', () => {
  it.each(cases)('%s', async (_, changes, blamed) => {
    const { entities, problems } = await prepareText(JSON.stringify(component(changes)));
    const errors = problems.filter((problem) => problem.severity === 'error');
    expect(errors.map((problem) => problem.path)).toEqual(blamed === undefined ? [] : [blamed]);
    expect(entities).toHaveLength(blamed === undefined ? 1 : 0);
    for (const problem of errors) {
      expect(problem.line).toBe(1);
      expect(problem.message).not.toBe('');
      expect(problem.fix).not.toBe('');
      expect(problem.found).toBeTypeOf('string');
    }
  });

  it('reports everything at once, each with its place', async () => {
    const text = [
      'apiVersion: backstage.io/v1alpha1',
      'kind: Component',
      'metadata:',
      '  name: My Shop',
      '  tags:',
      '    - java',
      '    - Web',
      'spec:',
      '  type: service',
      '  owner: 7',
      '  dependsOn: [resource:z, db]',
      'extra: 1',
    ].join('\n');
    const { entities, problems } = await prepareText(text);
    expect(entities).toEqual([]);
    expect(problems.map(({ path, line, column, code }) => [path, line, column, code])).toEqual([
      ['/metadata/name', 4, 3, 'CATALOG_DESCRIPTOR_FIELD_FORMAT'],
      ['/metadata/tags/1', 7, 7, 'CATALOG_DESCRIPTOR_FIELD_FORMAT'],
      ['/extra', 12, 1, 'CATALOG_DESCRIPTOR_FIELD_UNKNOWN'],
      ['/spec/lifecycle', 8, 1, 'CATALOG_DESCRIPTOR_FIELD_MISSING'],
      ['/spec/owner', 10, 3, 'CATALOG_DESCRIPTOR_FIELD_TYPE'],
      ['/spec/dependsOn/1', 11, 27, 'CATALOG_DESCRIPTOR_REFERENCE_INVALID'],
    ]);
    expect(problems[4]).toEqual({
      code: 'CATALOG_DESCRIPTOR_FIELD_TYPE',
      severity: 'error',
      message: 'spec.owner must be a string, but it is a number.',
      fix: 'Put quotes around it: "7".',
      location: 'url:https://github.com/acme/shop/blob/main/catalog-info.yaml',
      line: 10,
      column: 3,
      path: '/spec/owner',
      expected: 'a string',
      found: '7',
      entityRef: 'component:default/my shop',
    });
  });

  it('checks the rest of an entity whose kind is written in the wrong case', async () => {
    const { problems } = await prepareText(JSON.stringify(component({ kind: 'component', 'spec owner': undefined })));
    expect(problems.map(({ path, fix }) => [path, fix])).toEqual([
      ['/kind', 'Write the kind as Component.'],
      ['/spec/owner', 'Add spec.owner: reference to the group or user that owns it.'],
    ]);
  });

  it('says once that a document is no entity', async () => {
    const { problems } = await prepareText('openapi: 3.0.0\ninfo: {}\npaths: {}\n');
    expect(problems.map((problem) => problem.code)).toEqual(['CATALOG_DESCRIPTOR_NOT_AN_ENTITY']);
  });
});
