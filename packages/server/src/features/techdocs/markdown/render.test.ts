import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from './index.ts';
import type { MarkdownOptions } from './types.ts';

const options = (over: Partial<MarkdownOptions> = {}): MarkdownOptions => ({
  profile: 'techdocs',
  extensions: [],
  path: 'guide/setup.md',
  resolve: () => undefined,
  readSnippet: () => undefined,
  ...over,
});
const html = (text: string, over: Partial<MarkdownOptions> = {}) =>
  renderMarkdown(text, options(over))
    .html.replaceAll(/<a class="headerlink".*?<\/a>/g, '')
    .replaceAll('\n', '');
const codes = (text: string, over: Partial<MarkdownOptions> = {}) =>
  renderMarkdown(text, options(over)).notes.map(({ code }) => code);
const named = (...names: string[]) => names.map((name) => ({ name, options: {} }));

describe('where the author plainly means it', () => {
  test.each([
    [
      'a list straight under a paragraph line',
      'The steps:\n- a\n- b',
      '<p>The steps:</p><ul><li>a</li><li>b</li></ul>',
    ],
    ['a list straight under an item', '- a\n    - b', '<ul><li>a<ul><li>b</li></ul></li></ul>'],
    ['a parenthesis after the number', '1) a\n2) b', '<ol><li>a</li><li>b</li></ol>'],
    ['a quote inside an item', '- AWS:\n    > SQS', '<ul><li>AWS:<blockquote><p>SQS</p></blockquote></li></ul>'],
    [
      'a fence with a header of another tool',
      '```python {test="skip"}\nx\n```',
      '<pre><code class="language-python">x</code></pre>',
    ],
    [
      'a fence in an item, indented by three',
      '1. a\n\n   ```sh\n   x\n   ```\n\n2. b',
      '<ol><li><p>a</p><pre><code class="language-sh">x</code></pre></li><li><p>b</p></li></ol>',
    ],
    [
      'a table without a blank line',
      'text\n| a | b |\n|---|---|\n| 1 | 2 |',
      '<p>text</p><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
    ],
  ])('%s', (_name, text, expected) => {
    expect(html(text)).toBe(expected);
    expect(html(text, { profile: 'mkdocs' })).toBe(expected);
  });
});

describe('code', () => {
  test('a fence says its language, title, lines and numbers', () => {
    expect(html('```py title="a <b>.py" hl_lines="1 3-4" linenums="5"\nx < y\n```')).toBe(
      '<pre><code class="language-py" data-title="a &lt;b&gt;.py" data-linenums="5" data-hl-lines="1 3-4">x &lt; y</code></pre>',
    );
  });
  test('diagrams are marked', () => {
    expect(html('``` mermaid\nA-->B\n```')).toBe('<pre class="mermaid"><code>A--&gt;B</code></pre>');
    expect(html('{% dot a.svg\ndigraph { a }\n%}')).toBe(
      '<pre class="graphviz"><code class="language-dot">digraph { a }</code></pre>',
    );
  });
  test('PlantUML is left for the server, or stays visible with a note', () => {
    const text = '```plantuml\nBob -> Alice : hello\n```';
    const source = '<pre class="plantuml"><code class="language-plantuml">Bob -&gt; Alice : hello</code></pre>';
    expect(html(text, { drawsPlantuml: true })).toBe(source);
    expect(codes(text, { drawsPlantuml: true })).toEqual([]);
    expect(html(text)).toBe(source);
    expect(codes(text)).toEqual(['DOCS_PLANTUML_WITHOUT_SERVER']);
  });
});

test('arrows stay arrows beside curly quotes and dashes', () => {
  expect(
    html(`--> "a" -- <-- 'b' 1st`, { profile: 'mkdocs', extensions: named('smarty', 'pymdownx.smartsymbols') }),
  ).toBe('<p>→ “a” – ← ‘b’ 1<sup>st</sup></p>');
});

test('a table of contents has the title that the site gives it', () => {
  const extensions = [{ name: 'toc', options: { title: 'On this page' } }];
  expect(html('[TOC]\n\n# A', { profile: 'mkdocs', extensions })).toBe(
    '<div class="toc"><span class="toctitle">On this page</span><ul><li><a href="#a">A</a></li></ul></div><h1 id="a">A</h1>',
  );
});

describe('what the page names', () => {
  test('links and images are resolved and listed with their lines', () => {
    const resolve = (target: string) => (target === 'other.md#x' ? { url: '../other/#x' } : undefined);
    const page = renderMarkdown(
      '---\ntitle: T\ntags: [a]\n---\n\n[o](other.md#x)\n\n![i](gone.png)',
      options({ resolve }),
    );
    expect(page.html).toContain('<a href="../other/#x">o</a>');
    expect(page.links).toEqual([
      { target: 'other.md#x', kind: 'link', line: 6, text: 'o' },
      { target: 'gone.png', kind: 'image', line: 8, text: 'i' },
    ]);
    expect([page.title, page.tags, page.frontMatter]).toEqual(['T', ['a'], { title: 'T', tags: ['a'] }]);
    expect(renderMarkdown('---\na: b\ntitle: x: y\n---\n', options()).notes).toMatchObject([
      { code: 'DOCS_FRONT_MATTER_UNREADABLE', line: 3 },
    ]);
  });
  test('headings and sections', () => {
    const page = renderMarkdown('intro\n\n# A *b*\n\ntext `c`\n\n## A b\n\nmore', options());
    expect(page.headings.map(({ level, id, text, line }) => ({ level, id, text, line }))).toEqual([
      { level: 1, id: 'a-b', text: 'A b', line: 3 },
      { level: 2, id: 'a-b_1', text: 'A b', line: 7 },
    ]);
    expect(page.sections).toEqual([
      { title: '', text: 'intro' },
      { id: 'a-b', title: 'A b', text: 'text c' },
      { id: 'a-b_1', title: 'A b', text: 'more' },
    ]);
  });
  test('a snippet may be lines of a file, or a section of it', () => {
    const over = {
      readSnippet: (path: string) =>
        path === 'a.py' ? 'one\n# --8<-- [start:part]\ntwo\nthree\n# --8<-- [end:part]\nfour\n' : undefined,
    };
    const code = (path: string) => /<code>(.*)<\/code>/s.exec(html(`\`\`\`\n--8<-- "${path}"\n\`\`\``, over))?.[1];
    expect(['a.py:part', 'a.py:1:1', 'a.py:6', 'a.py::1', 'a.py:1:1,3:3', 'a.py'].map(code)).toEqual([
      'twothree',
      'one',
      'four',
      'one',
      'onetwo',
      'onetwothreefour',
    ]);
    expect(codes('--8<-- "a.py:other"', over)).toEqual(['DOCS_SNIPPET_MISSING']);
  });
  test('blocks of slashes mean what the older syntax means', () => {
    const over = { extensions: named('pymdownx.blocks.admonition', 'pymdownx.blocks.details', 'pymdownx.blocks.tab') };
    const same = (text: string, older: string) => expect(html(text, over)).toBe(html(older, over));
    same('/// note | Title\nBody\n\nMore\n///\n\nAfter', '!!! note "Title"\n    Body\n\n    More\n\nAfter');
    same('/// admonition | Title\n    type: warning\n\nBody\n///', '!!! warning "Title"\n    Body');
    same('/// tip\nBody\n///', '!!! tip\n    Body');
    same('//// details | Sum\n    open: true\n\n/// note\nIn\n///\n////', '???+ "Sum"\n    !!! note\n        In');
    same('/// tab | A\none\n///\n\n/// tab | B\ntwo\n///', '=== "A"\n    one\n\n=== "B"\n    two');
    expect(html('/// note\nBody\n///')).toBe('<p>/// noteBody///</p>');
    expect(html('/// strange\nBody\n///', over)).toBe('<p>/// strangeBody///</p>');
  });
  test('blocks of slashes make elements, definitions and figures', () => {
    const over = {
      extensions: named('pymdownx.blocks.html', 'pymdownx.blocks.definition', 'pymdownx.blocks.caption', 'admonition'),
    };
    const made = (text: string) => html(text, over);
    expect(
      made('//// html | div#a.b.c[data-x="y z"]\n    attrs: {title: T}\n\n- *one*\n\n/// html | p\ntwo\n///\n////'),
    ).toBe('<div title="T" id="a" data-x="y z" class="b c"><ul><li><em>one</em></li></ul><p>two</p></div>');
    expect(made('/// html | span.k\n*a*\n///')).toBe('<span class="k"><em>a</em></span>');
    expect(made('/// html | pre\n*a* <b>\n///')).toBe('<pre>*a* &lt;b&gt;</pre>');
    expect(made('/// define\nApple\n\n- A fruit\n- A *firm*\n\nPear\n\n- Green\n///')).toBe(
      '<dl><dt>Apple</dt><dd>A fruit</dd><dd>A <em>firm</em></dd><dt>Pear</dt><dd>Green</dd></dl>',
    );
    expect(made('![a](a.png)\n\n/// caption\nWhat *it* is\n///\n\nAfter')).toBe(
      '<figure><p><img alt="a" src="a.png"></p><figcaption><p>What <em>it</em> is</p></figcaption></figure><p>After</p>',
    );
    expect(
      made('one\n\n/// figure-caption\nA\n///\n\ntwo\n\n/// figure-caption | <\nB\n///').match(/<fig.*?>|Figure \d\./g),
    ).toEqual([
      '<figure id="__figure-caption_1">',
      '<figcaption>',
      'Figure 1.',
      '<figure id="__figure-caption_2">',
      '<figcaption>',
      'Figure 2.',
    ]);
    expect(made('!!! note\n    /// html | div.in\n    x\n    ///')).toContain('<div class="in"><p>x</p></div>');
    expect(made('/// html | 3!\nx\n///')).toBe('<p>/// html | 3!x///</p>');
    expect(made('    /// html | div\n    x\n    ///')).toContain('/// html | div');
  });
  test('snippets are put in place, also inside fences, and never endlessly', () => {
    const files: Record<string, string> = { 'a.md': 'A\n--8<-- "b.md"\n', 'b.md': 'B\n--8<-- "a.md"' };
    const readSnippet = (path: string) => files[path];
    expect(html('--8<-- "a.md"', { readSnippet })).toBe('<p>AB</p>');
    expect(html('```\n--8<-- "b.md"\n```', { readSnippet })).toBe('<pre><code>BA</code></pre>');
    expect(codes('x\n\n--8<-- "c.md"', { readSnippet })).toEqual(['DOCS_SNIPPET_MISSING']);
  });
  test('variables', () => {
    const over = { variables: { config: { site_name: 'Site' } } };
    expect(html('{{ config.site_name }} {{ config.nothing }}', over)).toBe('<p>Site {{ config.nothing }}</p>');
    expect(codes('{{ config.nothing }} {{ __proto__.x }}', over)).toEqual([
      'DOCS_UNKNOWN_VARIABLE',
      'DOCS_UNKNOWN_VARIABLE',
    ]);
    expect(html('{{ config.site_name }}')).toBe('<p>{{ config.site_name }}</p>');
    expect(html('{{ config.site_name }}{# hidden #} {% raw %}{{ config.site_name }}{% endraw %} {% raw %}', over)).toBe(
      '<p>Site {{ config.site_name }} {% raw %}</p>',
    );
  });
  test('icons are drawn, from bundled files only', () => {
    expect(html(':material-check:')).toMatch(
      /^<p><span class="twemoji" title=":material-check:" data-icon="material\/check"><svg [^]*<\/svg><\/span><\/p>$/,
    );
    expect(html(':material-..-..-package: :material-no-such-icon:')).toBe(
      '<p>:material-..-..-package: :material-no-such-icon:</p>',
    );
  });
  test('an extension nobody knows is a note', () => {
    expect(codes('a', { extensions: named('tools.collapse_code') })).toEqual(['DOCS_UNKNOWN_EXTENSION']);
  });
});

const everything = [
  ...named(
    'admonition',
    'pymdownx.extra',
    'pymdownx.arithmatex',
    'pymdownx.keys',
    'smarty',
    'nl2br',
    'wikilinks',
    'pymdownx.progressbar',
    'pymdownx.blocks.admonition',
    'pymdownx.blocks.html',
    'pymdownx.blocks.definition',
    'pymdownx.blocks.caption',
  ),
  { name: 'pymdownx.magiclink', options: { repo_url_shortener: true, repo_url_shorthand: true, user: 'a', repo: 'b' } },
];
const size = 20_000;
const fill = (part: string) => part.repeat(Math.ceil(size / part.length));
const nested = (part: string, indent: number) =>
  Array.from({ length: 300 }, (_one, level) => ' '.repeat(level * indent) + part).join('\n');
const hostile = [
  '/// html | div\n',
  '/// caption\nx\n///\n\n',
  '/// define\n- a\n///\n',
  'a/a#1 @a/a ',
  'https://github.com/a/b ',
  '[',
  '[a](',
  '![',
  '(',
  '*',
  '*a ',
  '***a ',
  '**a*',
  '_a _',
  '` a',
  '> ',
  '>',
  '- ',
  '- a\n',
  '=== "a"\n',
  '# a\n',
  '#',
  '- - ',
  '---\n',
  'a\n=',
  '```\n',
  '```a\nb\n',
  '~~~a ',
  '|a',
  '<div>',
  '<div markdown>\n',
  '<',
  '<a ',
  '<a b="',
  '<!--',
  '<?',
  '&',
  '[a]:',
  '[^a]: b\n',
  '*[a]: b\n',
  ': ',
  'a\n: b\n',
  ':a',
  '++a',
  '{++',
  '{~~a~>',
  'http://a.......... ',
  'a@',
  '^a',
  '~a',
  '==a ',
  '$a ',
  '\\(a',
  '{: a',
  'a {: .b }\n',
  '[[a',
  '\\',
  '\0',
  '\u0002h0\u0003',
  '\n',
  '\t',
  '\r\n',
  '"a\' ',
  '{% dot a\n',
  '@startuml\n',
  '{{ a }}',
  '{% raw %}',
  '{# ',
  '> [!NOTE]\n> a\n\n',
  '- a\n  > b\n',
  '[=1%',
  '??? a "b\n',
  '<script>',
  '<pre>\n',
  '[TOC]\n\n',
  'a: b\n',
  '\uD800',
];

describe('pages made to hurt', () => {
  test.each(
    [
      ...hostile.map(fill),
      nested('- a', 2),
      nested('- a', 4),
      nested('!!! note', 4),
      `---\na: &a [1]\n${'b: [*a, *a]\n'.repeat(500)}---\n`,
    ].map((text) => [JSON.stringify(text.slice(0, 12)), text]),
  )('page of %s', (_name, text) => {
    for (const profile of ['techdocs', 'mkdocs'] as const) {
      const page = renderMarkdown(text, options({ profile, extensions: everything, variables: { a: 1 } }));
      // The table that is wider than long is the largest: both rows as cells.
      expect(page.html.length).toBeLessThan(40 * text.length + 1000);
    }
  });

  test('depth has an end, and says so', () => {
    expect(codes('>'.repeat(5000))).toEqual(['DOCS_NESTED_TOO_DEEP']);
    expect(html('>'.repeat(5000)).split('<blockquote>').length).toBeLessThan(110);
  });

  test('a structure that takes too long ends as plain text', () => {
    const page = renderMarkdown('=== "a"\n'.repeat(60_000), options());
    expect(page.notes.map(({ code }) => code)).toEqual(['DOCS_TOO_MUCH_WORK']);
  });

  test('a page of 20 MB is cut, and says so', () => {
    const page = renderMarkdown('word '.repeat(4_000_000), options());
    expect(page.notes.map(({ code }) => code)).toEqual(['DOCS_PAGE_TOO_LONG']);
    expect(page.html.length).toBeLessThan(2_100_000);
  });

  test('any text renders, and the same way again', () => {
    const part = fc.constantFrom(
      ...hostile,
      'word ',
      '\n\n',
      '    ',
      '**',
      '`',
      '](x.md)',
      '| a | b |\n|---|---|\n',
      '!!! note\n',
      '</div>',
      ' markdown>',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 60 }), (parts) => {
        const text = parts.join('');
        const over = options({ extensions: everything });
        const page = renderMarkdown(text, over);
        expect(renderMarkdown(text, over)).toEqual(page);
        expect(page.html.includes('\u0002')).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});
