import { deflateRawSync } from 'node:zlib';
import { element, type Element } from '../tree/nodes.ts';
import { note, type Page } from '../page.ts';

export type FenceHeader = { language: string; classes: string[]; options: Record<string, string>; id?: string };

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';

/** A diagram's text as PlantUML servers want it in an address: deflated, in their own base 64. */
export function encodeDiagram(text: string): string {
  const bytes = deflateRawSync(Buffer.from(text, 'utf8'), { level: 9 });
  let out = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(index, index + 3);
    for (const part of [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63]) out += alphabet[part];
  }
  return out;
}

/** A diagram as an image of the configured server, else its source with a note. */
export function plantuml(page: Page, code: string, options: Record<string, string> = {}): Element {
  const server = page.options.plantumlServer;
  if (server && code.length <= 20_000) {
    const text = /^\s*@start/.test(code) ? code : `@startuml\n${code}\n@enduml`;
    const image = element('img', {
      class: 'plantuml',
      src: `${server.replace(/\/+$/, '')}/svg/${encodeDiagram(text)}`,
      alt: options.alt ?? 'PlantUML diagram',
    });
    return element('p', {}, [image]);
  }
  note(page, {
    code: 'DOCS_PLANTUML_WITHOUT_SERVER',
    message: 'A PlantUML diagram is shown as its source, because no PlantUML server is configured.',
    fix: 'Set techdocs.plantumlServer, or draw it with Mermaid or Graphviz, which need no server.',
    line: 1,
  });
  return element('pre', { class: 'plantuml' }, [element('code', { class: 'language-plantuml' }, [`${code}\n`])]);
}

type CustomFence = { name: string; className: string; format: string };

function customFences(page: Page): CustomFence[] {
  const list = page.features.option('pymdownx.superfences', 'custom_fences');
  return (Array.isArray(list) ? list : []).flatMap((one) => {
    if (!one || typeof one !== 'object' || Array.isArray(one) || typeof one.name !== 'string') return [];
    return [
      {
        name: one.name,
        className: typeof one.class === 'string' ? one.class : one.name,
        format: JSON.stringify(one.format ?? ''),
      },
    ];
  });
}

/** Fences that are not code: diagrams, math, and what the site names as its own. */
export function formatFence(
  page: Page,
  { language, classes, options, id }: FenceHeader,
  code: string,
): Element | undefined {
  const extra = (own: string) => ({ ...(id && { id }), class: [own, ...classes].join(' ') });
  const shown = (own: string) => element('pre', extra(own), [element('code', {}, [code])]);
  const name = language.toLowerCase();
  if (name === 'mermaid') return shown('mermaid');
  if (name === 'plantuml' || name === 'puml') return plantuml(page, code, options);
  if (name === 'dot' || name === 'graphviz')
    return element('pre', extra('graphviz'), [element('code', { class: 'language-dot' }, [code])]);
  const custom = customFences(page).find((one) => one.name === language);
  if (!custom) return undefined;
  if (custom.format.includes('arithmatex') || name === 'math')
    return element('div', { class: 'arithmatex' }, [`\\[\n${code}\n\\]`]);
  if (custom.format.includes('div')) return element('div', extra(custom.className), [code]);
  return shown(custom.className);
}
