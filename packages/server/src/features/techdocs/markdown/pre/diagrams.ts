import { element } from '../tree/nodes.ts';
import { stash, type Page } from '../page.ts';
import { plantuml } from './fence-formats.ts';

const graph = /^([ ]*)\{% ?(?:dot|neato|fdp|sfdp|twopi|circo)\b[^\n]*\n((?:(?!\n[ ]*\{%)[^])*?)\n?%\}[ ]*$/gm;
const uml = /^([ ]*)@startuml[^\n]*\n((?:(?!@startuml)[^])*?)@enduml[ ]*$/gm;
const dedent = (text: string, indent: string) =>
  text
    .split('\n')
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .join('\n');

/** Diagrams that stand in the text without a fence. */
export function stashDiagrams(page: Page, text: string): string {
  let result = text;
  if (result.includes('%}') && /\{% ?(?:dot|neato|fdp|sfdp|twopi|circo)\b/.test(result))
    result = result.replaceAll(graph, (_all, indent: string, code: string) => {
      const node = element('pre', { class: 'graphviz' }, [
        element('code', { class: 'language-dot' }, [dedent(code, indent)]),
      ]);
      return `\n${indent}${stash(page, node)}\n`;
    });
  if (result.includes('@enduml'))
    result = result.replaceAll(
      uml,
      (_all, indent: string, code: string) => `\n${indent}${stash(page, plantuml(page, dedent(code, indent)))}\n`,
    );
  return result;
}
