import { createHighlighterCore, createCssVariablesTheme, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine, defaultJavaScriptRegexConstructor } from 'shiki/engine/javascript';
import { bundledLanguages } from 'shiki/langs';
import { beforeAll, expect, test } from 'vitest';
import { createCodeEngine } from './code-engine.ts';
import { highlight } from './highlight.ts';
import { requiredTexts } from './required-texts.ts';

const samples = {
  python:
    'import os\n\n@cached\ndef load(name: str = "a") -> dict:\n    """Reads\n    it."""\n    return {f"{name!r}": [0x1f, 1e3, None]}',
  bash: 'set -eu\nfor f in *.yaml; do\n  kubectl apply -f "$f" | grep -v "a b" # all\ndone\ncat <<END\n$HOME ${x:-y}\nEND',
  yaml: 'a: &b\n  - "c" # d\n  - {e: 1, f: [true, ~]}\ng: |\n  text: no key\nh: *b',
  sql: "select e.id, count(*) as n from a join b on a.x = b.y where k = 'it''s' -- why\nGROUP BY e.id Order by n desc limit 5;\nCREATE OR REPLACE TABLE \u017fet;",
  json: '{"a": [1, -2.5e3, true, null], "b": {"c": "\\u00e9"}}',
  go: 'package main\n\nfunc (s *Server) Run(ctx context.Context) error {\n\treturn fmt.Errorf("a %w", s.err) // b\n}',
  markdown: '# A\n\n**b** [c](d) `e`\n\n```js\nconst x = 1;\n```\n\n> f',
} as const;

let shiki: HighlighterCore;
let ours: HighlighterCore;
let translated = 0;
let all = 0;

beforeAll(async () => {
  const theme = createCssVariablesTheme({ name: 'tokens', variablePrefix: '--shiki-', fontStyle: false });
  const engine = createCodeEngine((pattern) => {
    translated += 1;
    return defaultJavaScriptRegexConstructor(pattern, { target: 'auto' });
  });
  const langs = Object.keys(samples).map((name) => bundledLanguages[name as keyof typeof samples]);
  shiki = await createHighlighterCore({
    themes: [theme],
    langs,
    engine: createJavaScriptRegexEngine({
      forgiving: true,
      regexConstructor: (pattern) => {
        all += 1;
        return defaultJavaScriptRegexConstructor(pattern, { target: 'auto' });
      },
    }),
  });
  ours = await createHighlighterCore({ themes: [theme], langs, engine });
});

const tokensOf = (core: HighlighterCore, code: string, lang: string) =>
  core
    .codeToTokensBase(code, { lang, theme: 'tokens', tokenizeTimeLimit: 0 })
    .map((line) => line.map(({ content, color }) => [content, color]));

test.for(Object.entries(samples))('finds in %s what the usual engine finds', ([lang, code]) => {
  expect(tokensOf(ours, code, lang)).toEqual(tokensOf(shiki, code, lang));
});

test('leaves out patterns that no line needs', () => {
  expect(translated).toBeGreaterThan(50);
  expect(translated).toBeLessThan(all * 0.75);
});

test('colours a line by what stands above it, and the same line in another place as it is there', async () => {
  const text = `x = 1\n"""\nx = 1\n"""\nx = 1`;
  const [first, , inside, , last] = await highlight(text, 'python');
  expect(first).toContain('<span class="tok-keyword">=</span>');
  expect(inside).toBe('<span class="tok-comment">x = 1</span>');
  expect(last).toBe(first);
});

test.for([
  ['abc', [['abc']]],
  ['\\b(async|await)\\b', [['async', 'await']]],
  ['(?<=x)a(?!y)', [['a']]],
  ['(?=\\s*<div)', [['<div']]],
  ['ab?c', [['a'], ['c']]],
  ['a(bcd)?', [['a']]],
  ['(abc|\\d)', []],
  ['[\'"]', [["'", '"']]],
  ['\\.\\.\\.', [['...']]],
  ['(?x) ab # cd\n cd', [['abcd']]],
  ['(?i)abc', [['abc']]],
  ['\\d+|x', []],
  ['a{0,2}b{2}?c', [['c']]],
  ['\\p{L}\\x{41}\\k<name>', []],
  ['[^abc]', []],
  [
    '\\w+\\s*(=|:)\\s*(?=\\s*(function|(=>)))',
    [
      ['function', '=>'],
      ['=', ':'],
    ],
  ],
  ['a(b|c+(d|e))f*ghi', [['ghi'], ['a'], ['b', 'c']]],
  ['x((yz)x)\\1x', [['yz'], ['x']]],
] as const)('says of %s what must be there', ([pattern, expected]) => {
  expect(requiredTexts(pattern)).toEqual(expected);
});
