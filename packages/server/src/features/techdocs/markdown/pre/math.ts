import { element } from '../tree/nodes.ts';
import { stash, type Page } from '../page.ts';

const block =
  /^(?:\$\$((?:\\.|[^\\$]|\$(?!\$))+)\$\$|\\\[((?:\\[^\]]|[^\\])+)\\\]|(\\begin\{([a-z]+\*?)\}[^]*\\end\{\4\}))$/s;

/** A block that is nothing but a formula. */
export function mathBlock(page: Page, text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^(?:\$\$|\\\[|\\begin\{)/.test(trimmed)) return undefined;
  const match = block.exec(trimmed);
  if (!match) return undefined;
  return stash(
    page,
    element('div', { class: 'arithmatex' }, [`\\[\n${(match[1] ?? match[2] ?? match[3] ?? '').trim()}\n\\]`]),
  );
}
