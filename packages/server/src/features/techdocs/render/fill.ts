import type { PageNote } from '../markdown/index.ts';
import { escapeAttribute, escapeText } from './escape.ts';
import { lineAt } from './line-of.ts';
import { highlight, highlightNow, withoutColours } from './highlight.ts';
import type { Hole } from './sanitise.ts';
import type { Drawing, RenderTask } from './types.ts';

const openTag = (name: string, said: Record<string, string>) =>
  `<${name}${Object.entries(said)
    .map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`)
    .join('')}>`;

/** The lines that `hl_lines` names: `2 4-6`. */
function chosenLines(text: string | undefined): Set<number> {
  const found = new Set<number>();
  for (const [, from, to] of (text ?? '').matchAll(/(\d+)(?:-(\d+))?/g))
    for (let line = Number(from), end = Math.min(Number(to ?? from), Number(from) + 5_000); line <= end; line += 1)
      found.add(line);
  return found;
}

/** Code that was left without colours, because its language is not ready. */
export type Uncoloured = { code: string; language: string };

async function code(hole: Hole, isHurried: boolean, uncoloured: Uncoloured[], isColoured: boolean): Promise<string> {
  const { attributes } = hole;
  const language = isColoured ? hole.language : undefined;
  const text = hole.text.replace(/\n$/, '');
  const now = isHurried ? highlightNow(text, language) : await highlight(text, language);
  if (!now) uncoloured.push({ code: text, language: language! });
  const lines = now ?? withoutColours(text);
  const marked = chosenLines(attributes['data-hl-lines']);
  if (hole.kind === 'inline-code' || (marked.size === 0 && attributes['data-linenums'] === undefined))
    return `${openTag('code', attributes)}${lines.join('\n')}${hole.kind === 'code' ? '\n' : ''}</code>`;
  const first = Number.parseInt(attributes['data-linenums'] ?? '1', 10) || 1;
  const numbered = lines.map(
    (line, index) =>
      `<span class="line${marked.has(index + 1) ? ' hll' : ''}" data-line="${first + index}">${line}</span>`,
  );
  return `${openTag('code', attributes)}${numbered.join('\n')}\n</code>`;
}

const unescaped = (text: string) =>
  text
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

const delimiters = /^(?:\\\[|\\\(|\$\$)|(?:\\\]|\\\)|\$\$)$/g;

async function math(hole: Hole, notes: PageNote[], line: number): Promise<string> {
  const { default: katex } = await import('katex');
  const text = hole.text.trim();
  const isDisplay = /^(?:\\\[|\$\$|\\begin)/.test(text) || (hole.display === true && !text.startsWith('\\('));
  const source = text.replace(delimiters, '');
  const name = hole.display === true ? 'div' : 'span';
  if (source.length > 20_000) return `${openTag(name, hole.attributes)}${escapeText(text)}</${name}>`;
  const html = katex.renderToString(source, {
    displayMode: isDisplay,
    throwOnError: false,
    trust: false,
    strict: 'ignore',
    maxExpand: 300,
    maxSize: 30,
    output: 'htmlAndMathml',
  });
  const fault = /<span class="katex-error" title="(?:ParseError: )?(?:KaTeX parse error: )?([^"]*)"/.exec(html)?.[1];
  if (fault !== undefined)
    notes.push({
      code: 'TECHDOCS_FORMULA_INVALID',
      message: `A formula cannot be drawn: ${unescaped(fault).slice(0, 300)}`,
      fix: 'Correct the formula; its source is shown in its place.',
      line,
    });
  return `${openTag(name, hole.attributes)}${html}</${name}>`;
}

/** As an image a drawing can neither run anything nor ask anybody. */
const picture = (hole: Hole, name: string, svg: string) =>
  `${openTag('div', { ...hole.attributes, class: name })}<img src="data:image/svg+xml;base64,${svg}" alt="${escapeAttribute(hole.text.slice(0, 500))}"></div>`;

function plantuml(hole: Hole, drawing: Drawing | undefined, notes: PageNote[], line: number): string {
  if (drawing && 'svg' in drawing) return picture(hole, 'plantuml', drawing.svg);
  if (drawing)
    notes.push(
      'invalid' in drawing
        ? {
            code: 'TECHDOCS_DIAGRAM_INVALID',
            message: `A PlantUML diagram cannot be drawn: ${drawing.invalid}`,
            fix: 'Correct the diagram; its source is shown in its place.',
            line,
          }
        : {
            code: 'TECHDOCS_PLANTUML_UNAVAILABLE',
            message: `A PlantUML diagram is shown as its source: ${drawing.failed}`,
            fix: 'Check techdocs.plantumlServer, and that outbound calls to it are allowed.',
            line,
          },
    );
  return `${openTag('pre', hole.attributes)}<code class="language-plantuml">${escapeText(hole.text)}</code></pre>`;
}

let graphviz: Promise<{ dot(source: string): string }> | undefined;

async function graph(hole: Hole, notes: PageNote[], line: number): Promise<string> {
  try {
    graphviz ??= import('@hpcc-js/wasm-graphviz').then(({ Graphviz }) => Graphviz.load());
    if (hole.text.length > 100_000) throw new Error('it is longer than 100,000 characters');
    const svg = (await graphviz).dot(hole.text);
    return picture(hole, 'graphviz', Buffer.from(svg).toString('base64'));
  } catch (error) {
    notes.push({
      code: 'TECHDOCS_GRAPH_INVALID',
      message: `A Graphviz diagram cannot be drawn: ${String((error as Error).message ?? error)
        .trim()
        .slice(0, 300)}`,
      fix: 'Correct the diagram; its source is shown in its place.',
      line,
    });
    return `${openTag('pre', hole.attributes)}<code class="language-dot">${escapeText(hole.text)}</code></pre>`;
  }
}

/** Finds where a diagram or formula begins in the text of its page: the first line that has its beginning, after the one before. */
function lineFinder(text: string): (hole: Hole) => number {
  let from = 0;
  return (hole) => {
    const [first = ''] = hole.text.replace(delimiters, '').trim().split('\n');
    const at = first === '' ? -1 : text.indexOf(first, from);
    if (at >= 0) from = at;
    return lineAt(text, at);
  };
}

/** Draws what `sanitise` left open. What is put in is made here and needs no further care. */
export async function fill(
  parts: (string | Hole)[],
  notes: PageNote[],
  { text, drawings, isHurried = false }: Pick<RenderTask, 'text' | 'drawings' | 'isHurried'>,
  isColoured = true,
): Promise<{ html: string; hasMath: boolean; undrawn: string[]; uncoloured: Uncoloured[] }> {
  const uncoloured: Uncoloured[] = [];
  const done: string[] = [];
  const undrawn = new Set<string>();
  let hasMath = false;
  const lineOf = lineFinder(text);
  for (const part of parts) {
    if (typeof part === 'string') done.push(part);
    else if (part.kind === 'plantuml') {
      const drawing = Object.hasOwn(drawings, part.text) ? drawings[part.text] : undefined;
      if (!drawing) undrawn.add(part.text);
      done.push(plantuml(part, drawing, notes, lineOf(part)));
    } else if (part.kind === 'math') {
      hasMath = true;
      done.push(await math(part, notes, lineOf(part)));
    } else
      done.push(
        part.kind === 'graph'
          ? await graph(part, notes, lineOf(part))
          : await code(part, isHurried, uncoloured, isColoured),
      );
  }
  return { html: done.join(''), hasMath, undrawn: [...undrawn], uncoloured };
}
