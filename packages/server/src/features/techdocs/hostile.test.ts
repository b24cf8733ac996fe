import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { afterAll, expect, test } from 'vitest';
import { createRenderer } from './render/renderer.ts';
import type { SiteSettings } from './render/types.ts';
import { hostileDocuments } from './testing/hostile.ts';

const renderer = createRenderer({ deadlineMs: 5_000, memory: 384 });
afterAll(() => renderer.close());

const site: SiteSettings = {
  key: 'hostile',
  pages: ['', 'other'],
  files: ['index.md', 'other.md', 'y.png'],
  docsDir: 'docs',
  beside: [],
  redirects: [],
  profile: 'techdocs',
  extensions: [
    { name: 'pymdownx.arithmatex', options: { generic: true } },
    { name: 'macros', options: {} },
  ],
  variables: {},
  frameHosts: ['videos.example'],
  imageHosts: ['images.example'],
};

const forbidden =
  /^(?:script|style|link|meta|base|object|embed|applet|form|button|textarea|select|frame|frameset|noscript|template|title|foreignobject|animate|set|use|image|marquee|area)$/;

/** Everything in a page that could act, tell others of its reader, or lay itself over the portal. */
function dangers(html: string): string[] {
  const found: string[] = [];
  const walk = (node: DefaultTreeAdapterTypes.ChildNode, inMath: boolean, depth: number): number => {
    if (!('tagName' in node)) return depth;
    const name = node.tagName.toLowerCase();
    const isMath = inMath || name === 'math';
    if (forbidden.test(name)) found.push(`<${name}>`);
    if (
      name === 'iframe' &&
      !node.attrs.some((each) => each.name === 'src' && each.value.startsWith('https://videos.example/'))
    )
      found.push('a frame of another host');
    for (const { name: key, value } of node.attrs) {
      const bare = value.replace(/[\p{Cc} \u00a0]/gu, '').toLowerCase();
      if (/^on/i.test(key)) found.push(`${name} ${key}`);
      if (
        /^(?:srcdoc|formaction|action|background|srcset|xlink:href|name|target|ping)$/i.test(key) &&
        !/^__tabbed_[\w-]+$/.test(value)
      )
        found.push(`${name} ${key}`);
      if (/^(?:href|src|poster|cite)$/.test(key)) {
        const scheme = /^([a-z][a-z0-9+.-]*):/.exec(bare)?.[1];
        const isImage = name === 'img' && bare.startsWith('data:image/');
        if (scheme && !['http', 'https', 'mailto', 'tel', 'callboard-docs'].includes(scheme) && !isImage)
          found.push(`${name} ${key}=${scheme}:`);
        if (
          name !== 'a' &&
          name !== 'iframe' &&
          /^(?:https?:)?\/\//.test(bare) &&
          !bare.startsWith('https://images.example/')
        )
          found.push(`${name} ${key} of another host`);
        if (/passwd/.test(bare) && bare.startsWith('callboard-docs')) found.push('a file outside');
      }
      if (
        key === 'style' &&
        /url\(|expression|@import|position:(?:fixed|absolute)|z-index|behavior|binding/i.test(bare) &&
        !html.includes('katex')
      )
        found.push(`style ${value}`);
      if (key === 'id' && /^(?:root|__proto__)$/.test(value)) found.push(`id ${value}`);
    }
    return Math.max(
      depth,
      ...('childNodes' in node ? node.childNodes.map((each) => walk(each, isMath, depth + 1)) : []),
    );
  };
  const deepest = Math.max(0, ...parseFragment(html).childNodes.map((node) => walk(node, false, 1)));
  if (deepest > 400) found.push(`${deepest} levels`);
  if (/root:x:0|\[core\]\s*repositoryformatversion/.test(html)) found.push('the text of a file outside');
  return found;
}

test('there are more than a hundred of them', () => {
  expect(hostileDocuments.length).toBeGreaterThanOrEqual(100);
});

test.for(
  hostileDocuments.map(
    ({ group, text }, index) => [`${group} ${index}: ${text.slice(0, 60)}`, text] as [string, string],
  ),
)('nothing acts in %s', { timeout: 30_000 }, async ([, text]) => {
  const { page, wanted } = await renderer.render(site, { file: 'index.md', text, snippets: {}, drawings: {} });
  expect(dangers(page.html)).toEqual([]);
  // What comes out is what was meant: a browser does not read it otherwise.
  expect(page.html.length).toBeLessThan(20_000_000);
  expect(wanted.length).toBeLessThan(200);
});

test('keeps what is harmless', async () => {
  const text =
    '# Title\n\n<div class="grid" style="text-align: center; position: fixed">**x**</div>\n\n<iframe src="https://videos.example/1" width="300" onload="x"></iframe>\n\n' +
    '![plan](y.png) ![far](https://images.example/a.png) [next](other.md#part) [mail](mailto:a@b.example)\n';
  const { page } = await renderer.render(site, { file: 'index.md', text, snippets: {}, drawings: {} });
  expect(page.html).toContain('<div class="grid" style="text-align: center">');
  expect(page.html).toContain('src="https://videos.example/1"');
  expect(page.html).toContain('src="callboard-docs:f/y.png"');
  expect(page.html).toContain('src="https://images.example/a.png"');
  expect(page.html).toContain('href="callboard-docs:p/other#part"');
  expect(page.html).toContain('href="mailto:a@b.example"');
  expect(page.title).toBe('Title');
});

test('a page that would take forever is given up, and the next one is rendered', async () => {
  const hasty = createRenderer({ deadlineMs: 1, memory: 128 });
  const given = await hasty.render(site, {
    file: 'index.md',
    text: '# x\n\n```python\nx = 1\n```\n',
    snippets: {},
    drawings: {},
  });
  expect(given.page.notes.map(({ code }) => code)).toEqual(['TECHDOCS_PAGE_GIVEN_UP']);
  expect(given.page.html).toContain('x = 1');
  await hasty.close();
});
