import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectedFile, profiles, readCases, render } from './cases.mjs';
import { differences, digest } from './digest.mjs';

const expected = JSON.parse(readFileSync(expectedFile, 'utf8'));
const cases = readCases();

describe.each(profiles)('pages with the extensions of %s', (profile) => {
  test.each(cases.map((one) => [one.name, one]))('%s', (name, one) => {
    expect(differences(render(one, profile), expected[profile][name])).toEqual([]);
  });
});

test('a digest tells pages apart', () => {
  const one = digest('<h1 id="a">A</h1><p>x <a href="b/">y</a></p><pre><code class="language-js">z</code></pre>', '/');
  expect(one).toEqual({
    text: 'A x y z',
    headings: ['h1 #a A'],
    links: ['/b/ y'],
    images: [],
    code: ['js z'],
    tables: [],
    admonitions: [],
  });
  const other = digest(
    '<h1 id="a_1">A</h1><p>x <a href="c/">y</a></p><pre><code class="language-ts">z</code></pre><img src="i.png">',
    '/',
  );
  expect(differences(one, other).map(({ kind }) => kind)).toEqual(['headings', 'links', 'images', 'code']);
});
