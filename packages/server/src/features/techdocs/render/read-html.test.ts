import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HtmlHandler, readHtml, readPlainHtml } from './read-html.ts';

type Told = [kind: 'open' | 'text' | 'close', what: string, attributes?: Record<string, string>];

/** Notes what is told; texts that follow each other are one. */
function listener(): { told: Told[]; handler: HtmlHandler } {
  const told: Told[] = [];
  return {
    told,
    handler: {
      onopentag: (name, attributes) => void told.push(['open', name, { ...attributes }]),
      ontext(text) {
        const last = told.at(-1);
        if (last?.[0] === 'text') last[1] += text;
        else told.push(['text', text]);
      },
      onclosetag: (name) => void told.push(['close', name]),
    },
  };
}

/** What the quick reader tells; undefined where it leaves the page to the other one. */
function plainly(html: string): Told[] | undefined {
  const { told, handler } = listener();
  return readPlainHtml(html, handler) ? told : undefined;
}

function thoroughly(html: string): Told[] {
  const { told, handler } = listener();
  readHtml(html, handler);
  return told;
}

test.for([
  '<h1 id="a">A &amp; B<a class="headerlink" href="#a" title="Permanent link">&para;</a></h1>\n<p>One<br>\ntwo <code>&lt;x&gt;</code></p>',
  '<ul>\n<li><input type="checkbox" disabled checked> done</li>\n<li><p>x</p></li>\n</ul>',
  '<table><thead><tr><th style="text-align: left;">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>',
  '<span class="twemoji"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M1 1"/></svg></span><img src="a.png" alt="" /><p/>',
  'a > b &#39;c&#39; &#10; &nbsp;',
])('reads %s at once, and as the thorough reader does', (html) => {
  expect(plainly(html)).toEqual(thoroughly(html));
});

test.for([
  '<p>one<p>two</p></p>',
  '<ul><li>one<li>two</ul>',
  '<p><div>x</div></p>',
  '<b><i>x</b></i>',
  '<p>open',
  '</p>',
  '<script>1 < 2</script>',
  '<svg><style>a</style></svg>',
  '<P>x</P>',
  '<a href=x>y</a>',
  "<a href='x'>y</a>",
  '<a href = "x">y</a>',
  '<!-- x -->',
  'a < b',
  'AT&T',
  '&#0; &#x41; &bogus;',
  '<a href="x',
  '<p',
])('leaves %s to the thorough reader', (html) => {
  expect(plainly(html)).toBeUndefined();
});

test('never tells anything else than the thorough reader', () => {
  const piece = fc.constantFrom(
    ...'<p> </p> <div> </div> <li> </li> <ul> </ul> <a href="x"> </a> <a> <td> </td> <tr> </tr> <th> </th> <h1> </h1> <dd> </dd> <dt> </dt>'.split(
      ' ',
    ),
    ...'<br> <br/> <hr> <img src="a&amp;b"> <p/> <svg> </svg> <svg/> <path d="1"/> <g> </g> <table> </table> <tbody> </tbody> <thead>'.split(
      ' ',
    ),
    ...[
      'text',
      ' ',
      '\n',
      '&',
      '&amp;',
      '&lt',
      '&#39;',
      '<',
      '>',
      '"',
      '<b a="1" a="2" B="3" c>',
      '</b>',
      '<b\na="1">',
      '<title>',
      '<form>',
    ],
  );
  let plain = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const html = pieces.join('');
      const told = plainly(html);
      if (!told) return;
      plain += 1;
      expect(told).toEqual(thoroughly(html));
    }),
    { numRuns: 5_000 },
  );
  expect(plain).toBeGreaterThan(200);
});
