import { KindsResponse } from '@callboard/model/http';
import type { KindDefinition } from '@callboard/model';
import { simplify } from '../../../core/predicate/index.ts';
import { facetsOf } from '../store/facets.ts';
import type { Routes, RouteTools } from './tools.ts';
import { base } from './tools.ts';

/** One entry per word: several versions of a kind are one kind. */
function merged(definitions: KindDefinition[], count: number): KindsResponse['items'][number] {
  const [first] = definitions as [KindDefinition];
  const rules = definitions.flatMap((each) => [
    ...each.relations,
    ...(each.variants ?? []).flatMap((variant) => variant.relations ?? []),
  ]);
  const relations = new Map(rules.map(({ type, inverse }) => [type, { type, inverse }]));
  const { kind, title, description, icon } = first;
  return {
    kind,
    plural: first.plural ?? `${title ?? kind}s`,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(icon !== undefined && { icon }),
    columns: first.columns ?? [],
    apiVersions: definitions.flatMap((each) => each.apiVersions),
    relations: [...relations.values()],
    count,
  };
}

/** GET /kinds */
export function registerKinds(http: Routes, { reading, scopeOf }: RouteTools): void {
  http.get(
    `${base}/kinds`,
    {
      config: { permission: 'catalog.entity.read' },
      schema: {
        operationId: 'GetKinds',
        tags: ['entities'],
        summary: 'Every kind of entity, built in or configured, with how many there are',
        response: { 200: KindsResponse },
      },
    },
    async (request) => {
      const scope = simplify((await scopeOf(request)) ?? { all: [] });
      const facets = await facetsOf(reading, ['kind'], scope, await reading.version());
      const counts = new Map(facets.get('kind')?.map(({ value, count }) => [value, count]));
      const byWord = Map.groupBy(reading.kinds.all, (definition) => definition.kind);
      return {
        items: [...byWord.values()].map((definitions) => merged(definitions, counts.get(definitions[0]!.kind) ?? 0)),
      };
    },
  );
}
