import { isElement, isSource, raw, type Element, type Node } from './nodes.ts';
import { stash, type Page } from '../page.ts';

const box = /^ *\[([xX ])\] +/;

function checkbox(page: Page, checked: boolean): string {
  const input = `<input type="checkbox" disabled${checked ? ' checked' : ''}>`;
  const custom = page.features.option('pymdownx.tasklist', 'custom_checkbox') === true;
  const html = custom
    ? `<label class="task-list-control">${input}<span class="task-list-indicator"></span></label> `
    : `${input} `;
  return stash(page, raw(html));
}

/** Items that start with `[ ]` or `[x]`. */
export function markTasks(page: Page, root: Element) {
  const visit = (node: Element) => {
    for (const child of node.children) {
      if (!isElement(child)) continue;
      visit(child);
      if (child.tag !== 'li') continue;
      let first: Node | undefined = child.children[0];
      if (isElement(first) && first.tag === 'p') [first] = first.children;
      const match = isSource(first) ? box.exec(first.source) : null;
      if (!match || !isSource(first)) continue;
      first.source = checkbox(page, match[1] !== ' ') + first.source.slice(match[0].length);
      child.attributes.class = child.attributes.class ? `${child.attributes.class} task-list-item` : 'task-list-item';
      if (!/\btask-list\b(?!-)/.test(node.attributes.class ?? ''))
        node.attributes.class = node.attributes.class ? `${node.attributes.class} task-list` : 'task-list';
    }
  };
  visit(root);
}
