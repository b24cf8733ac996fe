import type { NeighbourhoodResponse } from '@callboard/model/http';
import { describe, expect, it } from 'vitest';
import { foldFans } from './fans.ts';
import { joinGraphs } from './model.ts';

type Answer = NeighbourhoodResponse;
const node = (
  name: string,
  distance: number,
  more: Partial<Answer['nodes'][number]> = {},
): Answer['nodes'][number] => ({
  entityRef: `component:default/${name}`,
  distance,
  exists: true,
  kind: 'Component',
  name,
  label: name,
  ...more,
});
const edge = (source: string, type: string, target: string): Answer['edges'][number] => ({
  source: `component:default/${source}`,
  type,
  inverse: `${type}-back`,
  target: `component:default/${target}`,
});
const answer = (nodes: Answer['nodes'], edges: Answer['edges']): Answer => ({
  rootEntityRef: nodes[0].entityRef,
  nodes,
  edges,
  truncated: false,
});
const both = { merge: true, outward: false };
const short = (edges: { source: string; target: string; types: { type: string }[] }[]) =>
  edges.map(
    ({ source, target, types }) =>
      `${source.split('/')[1]} ${types.map(({ type }) => type).join('+')} ${target.split('/')[1]}`,
  );

describe('the graph of several answers', () => {
  const one = answer(
    [node('a', 0), node('b', 1), node('c', 1)],
    [
      edge('a', 'dependsOn', 'b'),
      edge('a', 'consumesApi', 'b'),
      edge('b', 'dependsOn', 'c'),
      edge('a', 'dependsOn', 'c'),
    ],
  );
  const other = answer(
    [node('c', 0), node('b', 1), node('d', 1)],
    [edge('b', 'dependsOn', 'c'), edge('d', 'dependsOn', 'c')],
  );

  it('has each entity once, at its smallest distance, and each relation once', () => {
    const graph = joinGraphs([one, other], both);
    expect(graph.nodes.map(({ name, distance }) => `${name}${distance}`)).toEqual(['a0', 'c0', 'b1', 'd1']);
    expect(short(graph.edges)).toEqual([
      'a consumesApi+dependsOn b',
      'a dependsOn c',
      'b dependsOn c',
      'd dependsOn c',
    ]);
  });

  it('can draw each relation, or only those that lead away', () => {
    expect(short(joinGraphs([one], { merge: false, outward: false }).edges)).toEqual([
      'a consumesApi b',
      'a dependsOn b',
      'a dependsOn c',
      'b dependsOn c',
    ]);
    expect(short(joinGraphs([one], { merge: true, outward: true }).edges)).toEqual([
      'a consumesApi+dependsOn b',
      'a dependsOn c',
    ]);
  });
});

describe('fans', () => {
  const leaves = Array.from({ length: 30 }, (_, index) => `leaf-${String(index).padStart(2, '0')}`);
  const graph = joinGraphs(
    [
      answer(
        [
          node('hub', 0),
          node('other', 1),
          ...leaves.map((name) => node(name, 1)),
          node('lost', 1, { exists: false }),
          node('far', 2),
        ],
        [
          edge('hub', 'dependsOn', 'other'),
          ...leaves.map((name) => edge(name, 'dependsOn', 'hub')),
          edge('lost', 'dependsOn', 'hub'),
          edge('leaf-29', 'dependsOn', 'other'),
          edge('leaf-28', 'partOf', 'leaf-29'),
          edge('far', 'dependsOn', 'leaf-00'),
        ],
      ),
    ],
    both,
  );

  it('keep the first, what is missing before all, and fold the rest into one', () => {
    const picture = foldFans(graph, new Set());
    expect(picture.nodes.map(({ name }) => name)).toEqual([
      'hub',
      'leaf-00',
      'leaf-01',
      'leaf-02',
      'leaf-03',
      'leaf-04',
      'leaf-05',
      'lost',
      'other',
      'far',
    ]);
    expect(picture.fans).toHaveLength(1);
    const [fan] = picture.fans;
    expect([fan.parent, fan.kind, fan.members.length]).toEqual(['component:default/hub', 'Component', 24]);
    // Relations of the folded ones are drawn once each, those among themselves not at all.
    expect(picture.edges.filter(({ source }) => source === fan.id).map(({ target }) => target)).toEqual([
      'component:default/hub',
      'component:default/other',
    ]);
  });

  it('open on demand', () => {
    const [fan] = foldFans(graph, new Set()).fans;
    const picture = foldFans(graph, new Set([fan.id]));
    expect([picture.fans.length, picture.nodes.length, picture.edges.length]).toEqual([
      0,
      graph.nodes.length,
      graph.edges.length,
    ]);
  });

  it('show fewer of each where there are many, so that the picture stays readable', () => {
    const hubs = Array.from({ length: 30 }, (_, index) => `hub-${index}`);
    const big = joinGraphs(
      [
        answer(
          [
            node('root', 0),
            ...hubs.map((name) => node(name, 1)),
            ...hubs.flatMap((hub) => leaves.slice(0, 9).map((leaf) => node(`${hub}-${leaf}`, 2))),
          ],
          [
            ...hubs.map((hub) => edge(hub, 'dependsOn', 'root')),
            ...hubs.flatMap((hub) => leaves.slice(0, 9).map((leaf) => edge(`${hub}-${leaf}`, 'dependsOn', hub))),
          ],
        ),
      ],
      both,
    );
    const picture = foldFans(big, new Set());
    expect(big.nodes).toHaveLength(301);
    expect(picture.nodes.length + picture.fans.length).toBe(61);
  });
});
