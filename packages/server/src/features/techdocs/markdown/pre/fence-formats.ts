import { element, type Element } from '../tree/nodes.ts';
import { note, type Page } from '../page.ts';

export type FenceHeader = { language: string; classes: string[]; options: Record<string, string>; id?: string };

/** A diagram's source, for the configured server to draw; without one it stays visible, with a note. */
export function plantuml(page: Page, code: string): Element {
  if (page.options.drawsPlantuml !== true)
    note(page, {
      code: 'DOCS_PLANTUML_WITHOUT_SERVER',
      message: 'A PlantUML diagram is shown as its source, because no PlantUML server is configured.',
      fix: 'Set techdocs.plantumlServer, or draw it with Mermaid or Graphviz, which need no server.',
      line: 1,
    });
  return element('pre', { class: 'plantuml' }, [
    element('code', { class: 'language-plantuml' }, [`${code.replace(/\n$/, '')}\n`]),
  ]);
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
export function formatFence(page: Page, { language, classes, id }: FenceHeader, code: string): Element | undefined {
  const extra = (own: string) => ({ ...(id && { id }), class: [own, ...classes].join(' ') });
  const shown = (own: string) => element('pre', extra(own), [element('code', {}, [code])]);
  const name = language.toLowerCase();
  if (name === 'mermaid') return shown('mermaid');
  if (name === 'plantuml' || name === 'puml') return plantuml(page, code);
  if (name === 'dot' || name === 'graphviz')
    return element('pre', extra('graphviz'), [element('code', { class: 'language-dot' }, [code])]);
  const custom = customFences(page).find((one) => one.name === language);
  if (!custom) return undefined;
  if (custom.format.includes('arithmatex') || name === 'math')
    return element('div', { class: 'arithmatex' }, [`\\[\n${code}\n\\]`]);
  if (custom.format.includes('div')) return element('div', extra(custom.className), [code]);
  return shown(custom.className);
}
