import type { UnusedKey } from '@callboard/server/config';
import { count } from './terminal.ts';

/** "2 keys have no effect, 1 key is read by plugins"; undefined when there are none. */
export function unusedWords(keys: readonly UnusedKey[]): string | undefined {
  const byPlugins = keys.filter((key) => key.byPlugins).length;
  const without = keys.length - byPlugins;
  const words = [
    ...(without > 0 ? [`${count(without, 'key has', 'keys have')} no effect`] : []),
    ...(byPlugins > 0 ? [`${count(byPlugins, 'key is', 'keys are')} read by plugins`] : []),
  ];
  return words.length > 0 ? words.join(', ') : undefined;
}
