import { element } from '../tree/nodes.ts';
import { stash, type Page } from '../page.ts';

const block =
  /^(?:\$\$((?:\\.|[^\\$]|\$(?!\$))+)\$\$|\\\[((?:\\[^\]]|[^\\])+)\\\]|(\\begin\{([a-z]+\*?)\}[^]*\\end\{\4\}))$/s;

/** Whether formulas stand between marks; otherwise they are shown as they are until they are drawn. */
export const isGeneric = ({ features }: Page) => features.option('pymdownx.arithmatex', 'generic') === true;

/** A block that is nothing but a formula. */
export function mathBlock(page: Page, text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^(?:\$\$|\\\[|\\begin\{)/.test(trimmed)) return undefined;
  const match = block.exec(trimmed);
  if (!match) return undefined;
  const formula = match[1] ?? match[2] ?? match[3] ?? '';
  return stash(page, element('div', { class: 'arithmatex' }, [isGeneric(page) ? `\\[${formula}\\]` : formula]));
}
