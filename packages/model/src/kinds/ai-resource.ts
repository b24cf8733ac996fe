import type { JsonObject } from '../json.ts';
import type { KindDefinition, KindVariant, RelationRule } from '../kind.ts';
import { entitySchema, lifecycle, ownedBy, owner, partOfSystem, system, text, texts } from './schema.ts';

const versions = ['backstage.io/v1alpha1'];
const toAiResource = { defaultKind: 'AiResource', targetKinds: ['AiResource'] };
const common: RelationRule[] = [
  { ...ownedBy, targetKinds: ['Group', 'User'] },
  { ...partOfSystem, targetKinds: ['System'] },
];

const schema = (required: string[], properties: JsonObject) =>
  entitySchema('AiResource', versions, ['type', 'lifecycle', 'owner', ...required], {
    type: text('What it is: skill, rule, plugin, marketplace or another word'),
    lifecycle,
    owner,
    system,
    ...properties,
  });

const variant = (
  type: string,
  required: string[],
  properties: JsonObject,
  relations: RelationRule[] = [],
): KindVariant => ({
  type,
  schema: schema(required, { ...properties, type: { enum: [type] } }),
  relations: [...common, ...relations],
});

const parts = (field: string): RelationRule => ({ field, type: 'hasPart', inverse: 'partOf', ...toAiResource });
const disciplines = texts('Kinds of work it is for');
const version = text('Its version');

export const aiResource: KindDefinition = {
  kind: 'AiResource',
  plural: 'airesources',
  title: 'AI resource',
  description: 'Knowledge for coding assistants: a skill, a rule, or a bundle of them.',
  apiVersions: versions,
  icon: 'sparkles',
  columns: ['metadata.name', 'spec.owner', 'spec.type', 'spec.lifecycle', 'metadata.description', 'metadata.tags'],
  schema: schema([], {}),
  variants: [
    variant(
      'skill',
      [],
      {
        disciplines,
        categories: texts('Subjects it belongs to'),
        agents: texts('Assistants it is made for'),
        dependsOn: texts('References to the resources it needs'),
        allowedTools: text('Tools it may use'),
        license: text('Its licence'),
        compatibility: text('What it runs with', { maxLength: 500 }),
      },
      [{ field: 'dependsOn', type: 'dependsOn', inverse: 'dependencyOf', ...toAiResource }],
    ),
    variant('rule', ['category', 'rationale'], {
      disciplines,
      category: text('Subject'),
      rationale: text('Why it stands'),
    }),
    variant('plugin', ['skills'], { skills: texts('References to its skills'), version }, [parts('skills')]),
    variant('marketplace', ['plugins'], { plugins: texts('References to its plugins'), version }, [parts('plugins')]),
  ],
  relations: common,
};
