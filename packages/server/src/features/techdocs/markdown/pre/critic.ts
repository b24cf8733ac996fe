import { raw } from '../tree/nodes.ts';
import { escapeCode } from '../tree/write.ts';
import { stash, type Page } from '../page.ts';

const marks = /\{(?:\+\+([^]*?)\+\+|--([^]*?)--|==([^]*?)==|>>([^]*?)<<|~~([^]*?)~>([^]*?)~~)\}/g;

/** Editors' marks: insertions, deletions, highlights, comments, substitutions. */
export function stashCritic(page: Page, text: string): string {
  if (!/\{(?:\+\+|--|==|>>|~~)/.test(text)) return text;
  const mode = page.features.option('pymdownx.critic', 'mode');
  const tag = (name: string, content: string) =>
    /^\n{2,}$/.test(content)
      ? `\n\n${stash(page, raw(`<${name} class="critic break">&nbsp;</${name}>`))}\n\n`
      : `${stash(page, raw(`<${name} class="critic">`))}${content}${stash(page, raw(`</${name}>`))}`;
  // Each kind is looked for only up to its last closing mark, so that unclosed ones cost nothing.
  const last = Math.max(...['++}', '--}', '==}', '<<}', '~~}'].map((mark) => text.lastIndexOf(mark))) + 3;
  if (last < 3 || (text.match(/\{(?:\+\+|--|==|>>|~~)/g)?.length ?? 0) > 2000) return text;
  const head = text.slice(0, last).replaceAll(marks, (_all, added, removed, marked, comment, before, after) => {
    const [plus, minus, equal, remark, from, to] = [added, removed, marked, comment, before, after] as (
      | string
      | undefined
    )[];
    if (mode === 'accept' || mode === 'reject') {
      const accept = mode === 'accept';
      return (accept ? (plus ?? to) : (minus ?? from)) ?? equal ?? '';
    }
    if (plus !== undefined) return tag('ins', plus);
    if (minus !== undefined) return tag('del', minus);
    if (equal !== undefined) return tag('mark', equal);
    if (remark !== undefined)
      return stash(page, raw(`<span class="critic comment">${escapeCode(remark).replaceAll('\n', ' ')}</span>`));
    return `${tag('del', from ?? '')}${tag('ins', to ?? '')}`;
  });
  return head + text.slice(last);
}
