import type { Point } from './layout.ts';

export type SvgNode = {
  x: number;
  y: number;
  width: number;
  height: number;
  label: string;
  detail: string;
  look: 'root' | 'plain' | 'missing' | 'fan';
  /** the icon as an <svg> of its own, if it has one */
  icon?: string | undefined;
};
export type SvgEdge = { path: string; label: string; at: Point };
export type SvgColours = Record<
  'page' | 'text' | 'dimmed' | 'border' | 'strong' | 'accent' | 'warning' | 'sunken',
  string
>;
export type SvgPicture = {
  title: string;
  width: number;
  height: number;
  nodes: SvgNode[];
  edges: SvgEdge[];
  colours: SvgColours;
};

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (text: string) =>
  text
    .replaceAll(/[&<>"]/g, (each) => escapes[each]!)
    // Of the control characters XML allows only tab and the ends of lines.
    .replaceAll(/(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/gu, '');

/** As much of a text as has room, by the mean width of a letter; a viewer has fonts that we do not know. */
const fitted = (text: string, room: number, size: number) => {
  const most = Math.floor(room / (size * 0.56));
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
};

/** A soft line through the bends of an edge: it leaves and arrives in the direction of the layout. */
export function pathThrough(points: readonly Point[], across: boolean): string {
  const round = (x: number, y: number) => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1];
      if (!before) return `M${round(x, y)}`;
      const middle = { x: (before.x + x) / 2, y: (before.y + y) / 2 };
      return across
        ? `C${round(middle.x, before.y)} ${round(middle.x, y)} ${round(x, y)}`
        : `C${round(before.x, middle.y)} ${round(x, middle.y)} ${round(x, y)}`;
    })
    .join(' ');
}

function nodeText(node: SvgNode, colours: SvgColours): string {
  const stroke = { root: colours.accent, plain: colours.border, missing: colours.warning, fan: colours.border }[
    node.look
  ];
  const dash = node.look === 'missing' ? ' stroke-dasharray="4 3"' : '';
  const fill = node.look === 'fan' ? colours.sunken : colours.page;
  const left = node.icon ? 34 : 12;
  const room = node.width - left - 10;
  const middle = node.height / 2;
  return `<g transform="translate(${node.x} ${node.y})"><title>${escapeXml([node.label, node.detail].filter(Boolean).join(', '))}</title>
<rect width="${node.width}" height="${node.height}" rx="6" fill="${fill}" stroke="${stroke}" stroke-width="${node.look === 'root' ? 2 : 1}"${dash}/>
${node.icon ? `<g transform="translate(10 ${middle - 8})" color="${colours.dimmed}">${node.icon}</g>` : ''}
<text x="${left}" y="${middle - (node.detail ? 3 : -5)}" font-size="13" font-weight="500" fill="${colours.text}">${escapeXml(fitted(node.label, room, 13))}</text>
${node.detail ? `<text x="${left}" y="${middle + 13}" font-size="12" fill="${node.look === 'missing' ? colours.warning : colours.dimmed}">${escapeXml(fitted(node.detail, room, 12))}</text>` : ''}
</g>`;
}

function edgeText({ path, label, at }: SvgEdge, colours: SvgColours): string {
  const width = label.length * 6.2 + 8;
  const words = label
    ? `<rect x="${at.x - width / 2}" y="${at.y - 8}" width="${width}" height="16" fill="${colours.page}"/><text x="${at.x}" y="${at.y + 4}" font-size="11" text-anchor="middle" fill="${colours.dimmed}">${escapeXml(label)}</text>`
    : '';
  return `<path d="${path}" fill="none" stroke="${colours.strong}" marker-end="url(#arrow)"/>${words}`;
}

/** The picture as a file of its own: colours and fonts within, nothing asked of anyone. */
export function toSvg({ title, width, height, nodes, edges, colours }: SvgPicture): string {
  const size = `width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif">
<title>${escapeXml(title)}</title>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0.5 L7.5 4 L0 7.5 z" fill="${colours.strong}"/></marker></defs>
<rect width="100%" height="100%" fill="${colours.page}"/>
${edges.map((edge) => edgeText(edge, colours)).join('\n')}
${nodes.map((node) => nodeText(node, colours)).join('\n')}
</svg>
`;
}
