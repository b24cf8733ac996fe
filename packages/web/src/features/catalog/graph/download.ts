import type { Laid } from './use-layout.ts';
import type { Picture } from './fans.ts';
import { edgeLabel, isAcross, showsLabels } from './picture.ts';
import { pathThrough, toSvg, type SvgColours, type SvgNode } from './svg.ts';

const colourNames = {
  page: '--cb-page',
  text: '--cb-text',
  dimmed: '--cb-dimmed',
  border: '--cb-border-strong',
  strong: '--cb-border-strong',
  accent: '--cb-accent',
  warning: '--cb-warning',
  sunken: '--cb-sunken',
};

/** The colours of the theme that is on now. */
function coloursOf(element: Element): SvgColours {
  const style = getComputedStyle(element);
  return Object.fromEntries(
    Object.entries(colourNames).map(([name, variable]) => [name, style.getPropertyValue(variable).trim()]),
  ) as SvgColours;
}

function iconOf(frame: Element, id: string): string | undefined {
  const drawn = frame.querySelector(`[data-graph-node="${CSS.escape(id)}"] svg`);
  if (!drawn) return undefined;
  const copy = drawn.cloneNode(true) as Element;
  copy.removeAttribute('class');
  copy.setAttribute('width', '16');
  copy.setAttribute('height', '16');
  return new XMLSerializer().serializeToString(copy);
}

/** The picture on the screen as the text of an SVG file. */
export function svgOf(options: {
  title: string;
  picture: Picture;
  laid: Laid;
  frame: Element;
  roots: string[];
  compact: boolean;
  detailOf: (node: Picture['nodes'][number]) => string;
  fanDetail: (fan: Picture['fans'][number]) => string;
}): string {
  const { title, picture, laid, frame, roots, compact, detailOf, fanDetail } = options;
  const sizes = new Map(laid.input.nodes.map((node) => [node.id, node]));
  const place = (id: string) => ({
    ...laid.result.nodes[id]!,
    width: sizes.get(id)!.width,
    height: sizes.get(id)!.height,
    icon: iconOf(frame, id),
  });
  const nodes: SvgNode[] = [
    ...picture.nodes.map((node) => ({
      ...place(node.entityRef),
      label: node.label,
      detail: detailOf(node),
      look: roots.includes(node.entityRef)
        ? ('root' as const)
        : node.exists
          ? ('plain' as const)
          : ('missing' as const),
    })),
    ...picture.fans.map((fan) => ({
      ...place(fan.id),
      label: `+${fan.members.length} more`,
      detail: fanDetail(fan),
      look: 'fan' as const,
    })),
  ];
  const labelled = showsLabels(picture, compact);
  const edges = picture.edges.flatMap((edge) => {
    const way = laid.result.edges[edge.id];
    return way
      ? [
          {
            path: pathThrough(way.points, isAcross(laid.input.direction)),
            label: labelled ? edgeLabel(edge) : '',
            at: way.label,
          },
        ]
      : [];
  });
  const { width, height } = laid.result;
  return toSvg({ title, width, height, nodes, edges, colours: coloursOf(frame) });
}

/** Hands a text to the browser as a file. */
export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
