import { relationTitle } from '../entity.ts';
import type { Picture } from './fans.ts';
import type { LayoutInput } from './layout.ts';
import type { GraphEdge } from './model.ts';
import type { GraphSettings } from './settings.ts';

/** With more lines than this their words would lie on top of each other: they are shown for one entity at a time. */
const mostLabels = 40;
export const labelSize = 11;

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

export const edgeLabel = (edge: GraphEdge): string =>
  edge.types.map(({ type }) => lowerFirst(relationTitle(type))).join(' · ');

export const labelWidth = (label: string): number => Math.ceil(label.length * labelSize * 0.56) + 10;

export const showsLabels = (picture: Picture, compact: boolean): boolean =>
  !compact && picture.edges.length <= mostLabels;

/** Whether layers stand beside each other, not one below the other. */
export const isAcross = (direction: GraphSettings['layout']): boolean => direction === 'LR' || direction === 'RL';

/** What the layout needs to know of a picture; sizes follow the reader's text size, and are smaller on a phone. */
export function layoutInputOf(
  picture: Picture,
  direction: GraphSettings['layout'],
  { rem, compact }: { rem: number; compact: boolean },
): LayoutInput {
  const labelled = showsLabels(picture, compact);
  const size = { width: Math.round((compact ? 9.5 : 12.5) * rem), height: Math.round(2.75 * rem) };
  return {
    direction,
    nodes: [...picture.nodes.map(({ entityRef }) => entityRef), ...picture.fans.map(({ id }) => id)].map((id) => ({
      id,
      ...size,
    })),
    edges: picture.edges.map((edge) => ({
      id: edge.id,
      source: edge.source,
      target: edge.target,
      labelWidth: labelled ? labelWidth(edgeLabel(edge)) : 0,
      labelHeight: labelled ? 18 : 0,
    })),
  };
}
