import { createRequire } from 'node:module';
import type { nameToEmoji } from 'gemoji';
import { element, raw } from '../tree/nodes.ts';
import { iconOf } from './icons.ts';
import type { Pattern } from './pattern.ts';

const require = createRequire(import.meta.url);

/** All names; they come with the first page that uses one. */
const names = () => (require('gemoji') as { nameToEmoji: typeof nameToEmoji }).nameToEmoji;

/** `:smile:` as the character, `:material-check:` as the icon's drawing. */
export const emoji: Pattern = {
  name: 'emoji',
  needs: [':'],
  regex: /:([\w+-]+):/g,
  handle(match) {
    const name = match[1] ?? '';
    const end = match.index + match[0].length;
    const character = Object.hasOwn(names(), name) ? names()[name] : undefined;
    if (character) {
      const node = element('span', { class: 'emoji', title: `:${name}:` }, [character]);
      node.atomic = true;
      return { node, start: match.index, end };
    }
    const icon = iconOf(name);
    if (!icon) return undefined;
    const node = element('span', { class: 'twemoji', title: `:${name}:`, 'data-icon': icon.name }, [raw(icon.svg)]);
    return { node, start: match.index, end };
  },
};
