/** What may stand in a page. Everything that is not named here is taken out; nothing here can run anything. */
const words = (text: string) => new Set(text.split(/\s+/));

/** Elements that stay. */
export const elements = words(
  `a abbr address article aside audio b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption
  figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i iframe img input ins kbd label li main mark nav nobr ol p picture pre q rb rp rt ruby s samp section
  small source span strike strong sub summary sup table tbody td tfoot th thead time tr track tt u ul var video wbr svg`,
);

/** Elements of drawings, which stay inside svg only. */
export const drawing = words('g path circle rect line polyline polygon ellipse');

/** Elements that go with everything in them. */
export const withContent = words(
  `script style noscript template object embed applet noembed noframes xmp plaintext textarea select title math annotation-xml frame frameset
  foreignobject animate animatetransform animatemotion set use image text desc metadata symbol defs mask pattern filter marker lineargradient radialgradient clippath portal fencedframe`,
);

export const empty = words('br hr img input col source track wbr');

export const attributes: Record<string, Set<string>> = {
  '*': words('id class title lang dir role align valign hidden tabindex'),
  a: words('href name hreflang download'),
  img: words('src alt width height loading'),
  source: words('src srcset media type'),
  video: words('src controls loop muted poster width height preload'),
  audio: words('src controls loop muted preload'),
  iframe: words('src width height allowfullscreen'),
  track: words('src kind srclang label default'),
  input: words('type checked disabled name'),
  label: words('for'),
  td: words('colspan rowspan headers scope width height bgcolor'),
  th: words('colspan rowspan headers scope width height bgcolor'),
  table: words('width border cellpadding cellspacing summary'),
  col: words('span width'),
  colgroup: words('span width'),
  ol: words('start type reversed'),
  li: words('value'),
  details: words('open'),
  time: words('datetime'),
  q: words('cite'),
  blockquote: words('cite'),
  del: words('cite datetime'),
  ins: words('cite datetime'),
  font: words('color size'),
  svg: words('viewbox width height fill stroke xmlns aria-hidden focusable'),
  path: words('d fill stroke stroke-width fill-rule clip-rule stroke-linecap stroke-linejoin opacity transform'),
};
for (const name of drawing)
  attributes[name] ??= words(
    'cx cy r rx ry x y x1 y1 x2 y2 width height points fill stroke stroke-width opacity transform fill-rule',
  );

export const ownData = words('data-title data-linenums data-hl-lines data-tabs data-line data-annotate');

/** Attributes that hold an address. */
export const addresses = words('href src poster cite');

const property =
  /^(?:text-align|vertical-align|width|height|max-width|min-width|max-height|color|background-color|font-weight|font-style|font-size|text-decoration|white-space|margin(?:-\w+)?|padding(?:-\w+)?|border(?:-[\w-]+)?|float|clear|list-style-type)$/;
const value = /^[\w\s.%#,-]{1,80}$/;

/** The declarations of a style attribute that only change how its own element looks. */
export function safeStyle(style: string): string {
  return style
    .slice(0, 2000)
    .split(';')
    .flatMap((declaration) => {
      const at = declaration.indexOf(':');
      const [name, said] = [declaration.slice(0, at).trim().toLowerCase(), declaration.slice(at + 1).trim()];
      return at > 0 && property.test(name) && value.test(said) ? [`${name}: ${said}`] : [];
    })
    .join('; ');
}
