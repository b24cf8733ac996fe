import { createTemplateRenderer } from 'nunjitsu';
import { expect, test } from 'vitest';
import type { TextOptions } from './messages.ts';
import { piecesOf } from './pieces.ts';
import { renderTexts } from './render.ts';

const parts = [
  'a',
  '\n',
  '$',
  '{',
  '}}',
  '%}',
  '#}',
  '{%',
  '{{ values.name }}',
  '${{ values.name }}',
  '${{values.tags | sort | first }}}',
  '${{ nope.x }}',
  '${{ values.name | bad }}',
  '${{- values.name -}}',
  '${{ values.tags.push("z") }}',
  '${{ "}}" }}',
  '{# ${{ values.name }} #}',
  '{% if values.deep %}',
  '{%- if values.name == "%}" -%}',
  '{% endif %}',
  '{% for x in values.tags %}',
  '{% for values in [values.o] %}',
  '{% endfor %}',
  '{% set values = values.o %}',
  '{% macro m() %}${{ values.name }}{% endmacro %}',
  '{% raw %}',
  '{% endraw %}',
];
const values = { name: 'shop', tags: ['b', 'a'], deep: true, o: { name: 'inner', deep: false, tags: ['c'] } };

/** The texts that come out different, after as many as there are. */
function different(texts: string[], options: TextOptions): [number, string[]] {
  const found: string[] = [];
  const renderer = createTemplateRenderer({ allowRegexExecution: true, ...options });
  let compared = 0;
  renderTexts({ kind: 'texts', hosts: [], texts, from: 0, context: { values }, options }, (index, result) => {
    const text = texts[index]!;
    let whole: string | undefined;
    try {
      whole = renderer.render(text, { values });
    } catch {
      // A fault, which both have.
    }
    if (('text' in result ? result.text : undefined) !== whole) found.push(text);
    compared += 1;
  });
  return [compared, found];
}

test('a text that is rendered in pieces says what it says as a whole', () => {
  const texts = parts.flatMap((one) => parts.map((other) => `${one}x${other}\${{ values.name | upper }}`));
  expect(different(texts, {})).toEqual([texts.length, []]);
  expect(different(texts.slice(0, 200), { trimBlocks: true, lstripBlocks: true })).toEqual([200, []]);
  const blocks = parts.filter((part) => part.startsWith('{%'));
  const nested = blocks.flatMap((one) =>
    blocks.flatMap((other) =>
      ['a', '%}', '${{ values.tags.push("z") }}', '{% else %}'].map(
        (inner) => `\${{ values.name }}${one}${inner}${other} \${{ values.tags }}`,
      ),
    ),
  );
  expect(different(nested, {})).toEqual([nested.length, []]);
});

test('names are taken out of a text, around its blocks only', () => {
  expect(piecesOf('a ${{ values.b }}\n{% if x %}${{ y }}{% endif %}\n${{ values.c | upper }}!')).toEqual({
    before: ['a ', '${{ values.b }}', '\n'],
    whole: '{% if x %}${{ y }}{% endif %}',
    after: ['\n', '${{ values.c | upper }}', '!'],
  });
  expect(piecesOf('{% set values = 1 %}${{ values.c }}')?.after ?? []).toEqual([]);
  expect(piecesOf('${{ values.c | random }}')).toBeUndefined();
  expect(piecesOf('${{ values.c() }}')).toBeUndefined();
});
