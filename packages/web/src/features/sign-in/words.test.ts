import { expect, test } from 'vitest';
import { agentWords, grantsIn } from './words.ts';

test('names a browser in words', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';
  expect(agentWords(chrome)).toBe('Chrome on Linux');
  expect(agentWords(`${chrome} Edg/150.0`)).toBe('Edge on Linux');
  expect(agentWords('curl/8.5.0')).toBe('curl/8.5.0');
  expect(agentWords('')).toBe('Unknown');
});

test('reads names of permissions', () => {
  expect(grantsIn(' catalog.*, search.read\ncatalog.* ')).toEqual(['catalog.*', 'search.read']);
  expect(grantsIn('')).toEqual([]);
});
