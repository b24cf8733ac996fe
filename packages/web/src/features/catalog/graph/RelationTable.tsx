import { grouped } from '../../../core/ui/index.ts';
import { useState } from 'react';
import { relationTitle } from '../entity.ts';
import type { Graph } from './model.ts';
import { NodeLink } from './NodeLink.tsx';
import classes from './Graph.module.css';

const mostRows = 200;

/** The same relations as the picture, for those who read rather than look. */
export function RelationTable({ graph }: { graph: Graph }) {
  const [all, setAll] = useState(false);
  const nodes = new Map(graph.nodes.map((node) => [node.entityRef, node]));
  const rows = graph.edges
    .flatMap(({ source, target, types }) => types.map(({ type }) => ({ source, target, type })))
    .toSorted(
      (a, b) => nodes.get(a.source)!.distance - nodes.get(b.source)!.distance || (a.source < b.source ? -1 : 1),
    );
  const shown = all ? rows : rows.slice(0, mostRows);
  return (
    <>
      <table className={classes.table}>
        <caption>Relations in the picture</caption>
        <thead>
          <tr>
            <th scope="col">Entity</th>
            <th scope="col">Relation</th>
            <th scope="col">To</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ source, target, type }) => (
            <tr key={`${source} ${type} ${target}`}>
              <td>
                <NodeLink node={nodes.get(source)!} />
              </td>
              <td className={classes.relation}>{relationTitle(type)}</td>
              <td>
                <NodeLink node={nodes.get(target)!} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown.length ? (
        <button type="button" className={classes.textButton} onClick={() => setAll(true)}>
          Show all {grouped(rows.length)} relations
        </button>
      ) : null}
    </>
  );
}
