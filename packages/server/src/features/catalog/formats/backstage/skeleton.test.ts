import { describe, expect, it } from 'vitest';
import { prepareText } from './testing/prepare-text.ts';

const component = (name: string, more = '', owner = 'team') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n${more}spec:\n  type: service\n  lifecycle: production\n  owner: ${owner}\n`;

describe('skeletons', () => {
  it.each([
    ['a name to be filled in', component('${{ values.name }}')],
    ['a quoted name', component('"${{ values.name | dump }}"')],
    ['an owner to be filled in', component('shop', '', '${{ values.owner }}')],
    ['cookiecutter', component('{{ cookiecutter.name }}')],
    ['quoted cookiecutter', component("'{{cookiecutter.name}}'")],
    ['a condition', component('shop', '  {%- if values.description %}\n  description: x\n  {%- endif %}\n')],
    ['a broken value', component('shop', '  links:\n    - url: ${{ values.url }}/x\n')],
    ['a broken list', component('shop', '  tags: [ ${{ values.tags }} ]\n')],
  ])('with %s are passed over with a reason', async (_, text) => {
    const { entities, problems, skipped } = await prepareText(text);
    expect({ entities, problems }).toEqual({ entities: [], problems: [] });
    expect(skipped?.reason).toContain("template's skeleton");
  });

  it.each([
    ['a name to be filled in', component('${{ values.name }}')],
    ['a condition', component('shop', '  {%- if values.description %}\n  description: x\n  {%- endif %}\n')],
  ])('with %s are rejected when nothing is to be passed over', async (_, text) => {
    const { entities, problems, skipped } = await prepareText(text, { settings: { skipSkeletons: false } });
    expect(entities).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
    expect(skipped).toBeUndefined();
  });

  it('are not templates, which have that syntax themselves', async () => {
    const template = (id: string) =>
      `apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: make\nspec:\n  type: service\n  owner: team\n  steps:\n    - id: ${id}\n      action: debug:log\n      input:\n        message: \${{ parameters.name }}\n`;
    expect((await prepareText(template('log'))).entities).toHaveLength(1);
    const broken = await prepareText(template('7'));
    expect(broken.problems).toMatchObject([{ path: '/spec/steps/0/id', line: 9 }]);
    expect(broken.skipped).toBeUndefined();
    expect((await prepareText(template('a: b'))).problems).toMatchObject([{ code: 'CATALOG_YAML_SYNTAX' }]);
  });

  it('are not entities that only quote the syntax', async () => {
    expect((await prepareText(component('shop', '  title: "Renders {{ mustache }}"\n'))).entities).toHaveLength(1);
    const description = '  description: Runs ${{ github.ref }} and {% raw %}\n';
    expect((await prepareText(component('shop', description))).entities).toHaveLength(1);
    const broken = await prepareText(component('shop', `${description}  tags: [Java]\n`));
    expect(broken.problems).toMatchObject([{ path: '/metadata/tags/0' }]);
    expect(broken.skipped).toBeUndefined();
  });

  it('leave the other documents of their file alone', async () => {
    const { entities, skipped } = await prepareText(`${component('shop')}---\n${component('${{ values.name }}')}`);
    expect(entities.map(({ name }) => name)).toEqual(['shop']);
    expect(skipped).toBeDefined();
  });
});
