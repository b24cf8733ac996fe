import { describe, expect, test } from 'vitest';
import { codeownersOf, readCodeowners } from './codeowners.ts';

const ownersIn = (text: string, path: string) => codeownersOf(readCodeowners(text), path).map(({ name }) => name);

describe('who owns a file', () => {
  test.each([
    ['*', 'a/b.yaml', true],
    ['*.yaml', 'a/b.yaml', true],
    ['*.yaml', 'a/b.yml', false],
    ['/a', 'a/b/c.yaml', true],
    ['/a', 'x/a/c.yaml', false],
    ['a', 'x/a/c.yaml', true],
    ['a/', 'x/a/c.yaml', true],
    ['a/', 'x/a', false],
    ['x/a/', 'x/a/c.yaml', true],
    ['x/a/', 'y/x/a/c.yaml', false],
    ['docs/*', 'docs/a.yaml', true],
    ['docs/*', 'docs/more/a.yaml', false],
    ['docs/**', 'docs/more/a.yaml', true],
    ['**/logs', 'a/b/logs/c.yaml', true],
    ['/a\\ b/', 'a b/c.yaml', true],
    ['/a+(b)/', 'a+(b)/c.yaml', true],
    ['/.backstage/', '.backstage/c.yaml', true],
  ])('%s and %s: %s', (pattern, path, isOwned) => {
    expect(ownersIn(`${pattern} @org/team`, path)).toEqual(isOwned ? ['team'] : []);
  });

  test('the last match wins, also when it names nobody', () => {
    const text = '* @org/all\n/a/ @org/A-Team # who\n# /a/ @org/none\n/a/free/\n';
    expect(ownersIn(text, 'b')).toEqual(['all']);
    expect(ownersIn(text, 'a/b')).toEqual(['a-team']);
    expect(ownersIn(text, 'a/free/b')).toEqual([]);
  });

  test('people, nested groups and addresses of mail', () => {
    expect(codeownersOf(readCodeowners('* @ada one@example.com @org/sub/team'), 'x')).toEqual([
      { name: 'ada', kinds: ['user', 'group'] },
      { name: 'team', kinds: ['group'] },
    ]);
  });

  test('sections lend their owners to lines without', () => {
    const text = '[Services][2] @org/services\n/services/\n/services/pay/ @org/pay\n^[Docs]\n/docs/\n';
    expect(ownersIn(text, 'services/x')).toEqual(['services']);
    expect(ownersIn(text, 'services/pay/x')).toEqual(['pay']);
    expect(ownersIn(text, 'docs/x')).toEqual([]);
  });

  test('rubbish says nothing', () => {
    expect(ownersIn('\0\u0001 [[[ ((( \n!a @x/y\n' + 'x'.repeat(5000), 'a')).toEqual([]);
  });
});
