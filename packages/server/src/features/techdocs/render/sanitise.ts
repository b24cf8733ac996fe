import { addresses, attributes, drawing, elements, empty, ownData, safeStyle, withContent } from './allowed.ts';
import { escapeAttribute, escapeText } from './escape.ts';
import { type HtmlHandler, readHtml, readPlainHtml } from './read-html.ts';

/** A block of code, math or a graph that is drawn after everything else is known to be safe. */
export type Hole = {
  kind: 'code' | 'inline-code' | 'math' | 'graph' | 'plantuml';
  text: string;
  language?: string;
  display?: boolean;
  attributes: Record<string, string>;
};

export type Sanitised = {
  parts: (string | Hole)[];
  blocked: { kind: 'image' | 'frame'; address: string }[];
  hasMermaid: boolean;
};

export type SanitiseOptions = {
  /** where an address that stands in HTML leads; undefined leaves it as it is */
  resolve(target: string): string | undefined;
  frameHosts: readonly string[];
  imageHosts: readonly string[];
  /** somebody draws PlantUML */
  drawsPlantuml?: boolean;
};

const deepest = 200;
const own = /^callboard-docs:[pf]\//;
const dataImage = /^data:image\/(?:png|jpe?g|gif|webp|avif|svg\+xml)[;,]/i;
const invisible = /[\p{Cc} \u00a0\u200b-\u200f\u2028-\u202f\ufeff]/gu;

/** Where an address leads: nowhere, into the portal, or to another host. */
function addressKind(address: string): 'bad' | 'inside' | 'outside' | 'own' | 'data' {
  if (address.startsWith('#')) return 'inside';
  const bare = address.replace(invisible, '');
  if (own.test(bare)) return 'own';
  if (dataImage.test(bare)) return 'data';
  if (/^[\\/]{2}/.test(bare)) return 'outside';
  const scheme = /^([^/?#]*?):/.exec(bare)?.[1]?.toLowerCase();
  if (scheme === undefined) return bare.includes('\\') ? 'bad' : 'inside';
  if (scheme === 'http' || scheme === 'https') return 'outside';
  return scheme === 'mailto' || scheme === 'tel' ? 'inside' : 'bad';
}

const hostOf = (address: string) => {
  const text = address.startsWith('//') ? `https:${address}` : address;
  return URL.canParse(text) ? new URL(text).host.toLowerCase() : '';
};

const isListed = (address: string, hosts: readonly string[]) => {
  const host = hostOf(address);
  return hosts.some((each) => each === host || (each.startsWith('*.') && host.endsWith(each.slice(1))));
};

type Open = { name: string; isKept: boolean; hole?: Hole };

function sanitiser(options: SanitiseOptions): { handler: HtmlHandler; end(): Sanitised } {
  const parts: (string | Hole)[] = [];
  const blocked: Sanitised['blocked'] = [];
  const open: Open[] = [];
  let buffer = '';
  let skipping = 0;
  let inDrawing = 0;
  let depth = 0;
  let hasMermaid = false;
  let inMermaid = false;
  let hole: Hole | undefined;

  const flush = () => {
    if (buffer !== '') parts.push(buffer);
    buffer = '';
  };

  function kept(name: string, said: Record<string, string>): Record<string, string> | undefined {
    const result: Record<string, string> = {};
    for (const key in said) {
      const value = said[key]!;
      const allowed =
        attributes['*']!.has(key) ||
        attributes[name]?.has(key) ||
        ownData.has(key) ||
        (/^aria-[a-z]+$/.test(key) && !inDrawing);
      if (key === 'style') {
        const style = safeStyle(value);
        if (style) result['style'] = style;
      } else if (!allowed) continue;
      else if (addresses.has(key)) {
        const kind = addressKind(value);
        const target =
          kind === 'inside'
            ? (options.resolve(value) ?? value)
            : value.replace(invisible, kind === 'data' ? '' : '%20').replace(/^(?:%20)+|(?:%20)+$/g, '');
        const isImage = name !== 'a' && key !== 'cite';
        if (kind === 'bad' || (kind === 'data' && !(name === 'img' && key === 'src'))) continue;
        if (kind === 'outside' && isImage && name !== 'iframe' && !isListed(target, options.imageHosts)) {
          blocked.push({ kind: 'image', address: target });
          continue;
        }
        result[key] = target;
      } else if (key === 'srcset') continue;
      else if (key === 'id' || key === 'for') {
        if (/^[^\s"'<>]{1,200}$/.test(value) && !/^(?:root$|__(?!tabbed_\d|[\w-]*caption_\d))/.test(value))
          result[key] = value;
      } else if (key === 'name' && name === 'input') {
        // Tabs of one group belong together by name.
        if (/^__tabbed_[\w-]{1,40}$/.test(value)) result[key] = value;
      } else if (key === 'name') {
        if (/^[^\s"'<>]{1,200}$/.test(value)) result['id'] ??= value;
      } else if (key === 'tabindex') {
        if (value === '0' || value === '-1') result[key] = value;
      } else if (/^(?:fill|stroke)$/.test(key)) {
        if (/^[\w#.%-]{1,40}$/.test(value)) result[key] = value;
      } else result[key === 'viewbox' ? 'viewBox' : key] = value.slice(0, key === 'd' ? 50_000 : 2000);
    }
    return result;
  }

  function write(name: string, said: Record<string, string>): void {
    buffer += `<${name}`;
    for (const key in said) buffer += ` ${key}="${escapeAttribute(said[key]!)}"`;
    buffer += '>';
  }

  /** An image of another host becomes a link to it: nobody's reading is told to others without being asked. */
  function outsideImage(said: Record<string, string>, address: string): void {
    write('a', { href: address, class: 'external-image', rel: 'noopener noreferrer' });
    buffer += `${escapeText(said['alt'] || address.slice(0, 200))}</a>`;
  }

  const hasClass = (said: Record<string, string>, name: string) =>
    said['class']?.includes(name) === true && said['class'].split(/\s+/).includes(name);
  const languageOf = (said: Record<string, string>) =>
    /(?:^|\s)(?:language|lang)-([^\s]+)/.exec(said['class'] ?? '')?.[1];

  const handler: HtmlHandler = {
    onopentag(name, said) {
      if (hole) {
        open.push({ name, isKept: false });
        return;
      }
      if (skipping > 0 || withContent.has(name)) {
        if (!empty.has(name)) {
          skipping += 1;
          open.push({ name, isKept: false });
        }
        return;
      }
      const isKnown = inDrawing > 0 ? drawing.has(name) || name === 'svg' : elements.has(name);
      if (
        !isKnown ||
        depth >= deepest ||
        (name === 'input' && said['type'] !== 'checkbox' && said['type'] !== 'radio')
      ) {
        if (!empty.has(name)) open.push({ name, isKept: false });
        return;
      }
      const before = blocked.length;
      const result = kept(name, said)!;
      if (name === 'img' && blocked.length > before) return outsideImage(said, blocked.at(-1)!.address);
      if (name === 'iframe') {
        const source = result['src'] ?? '';
        if (!isListed(source, options.frameHosts)) {
          if (source) {
            blocked.push({ kind: 'frame', address: source });
            write('a', { href: source, class: 'external-frame', rel: 'noopener noreferrer' });
            buffer += `${escapeText(said['title'] || source.slice(0, 200))}</a>`;
          }
          skipping += 1;
          open.push({ name, isKept: false });
          return;
        }
        Object.assign(result, {
          sandbox: 'allow-scripts allow-same-origin allow-popups',
          loading: 'lazy',
          referrerpolicy: 'no-referrer',
        });
        if (said['width'] && /^\d+%?$/.test(said['width'])) result['width'] = said['width'];
        if (said['height'] && /^\d+%?$/.test(said['height'])) result['height'] = said['height'];
      }
      if (name === 'input') {
        result['disabled'] ??= '';
        if (said['type'] === 'radio') delete result['disabled'];
      }
      if (name === 'a' && result['href'] !== undefined && addressKind(result['href']) === 'outside')
        result['rel'] = 'noopener noreferrer';
      if (name === 'svg') inDrawing += 1;
      const isGraph = name === 'pre' && hasClass(said, 'graphviz');
      const isPlantuml = options.drawsPlantuml && name === 'pre' && hasClass(said, 'plantuml');
      const isMath = (name === 'div' || name === 'span') && hasClass(said, 'arithmatex');
      if (name === 'pre' && hasClass(said, 'mermaid')) hasMermaid = true;
      const inPre = name === 'code' && open.findLast((each) => each.isKept)?.name === 'pre';
      const language = name === 'code' ? languageOf(said) : undefined;
      const isCode = name === 'code' && (inPre || language !== undefined);
      const isMermaid = inPre && inMermaid;
      if (isGraph || isPlantuml || isMath || (isCode && !isMermaid)) {
        hole = {
          kind: isGraph ? 'graph' : isPlantuml ? 'plantuml' : isMath ? 'math' : inPre ? 'code' : 'inline-code',
          text: '',
          ...(language !== undefined && { language: language.toLowerCase() }),
          display: name === 'div',
          attributes: result,
        };
        flush();
        parts.push(hole);
        open.push({ name, isKept: true, hole });
        return;
      }
      if (name === 'pre') inMermaid = hasClass(said, 'mermaid');
      write(name, result);
      if (!empty.has(name)) {
        depth += 1;
        open.push({ name, isKept: true });
      }
    },
    ontext(text) {
      if (hole) hole.text += text;
      else if (skipping === 0 && inDrawing === 0) buffer += escapeText(text);
    },
    onclosetag(name) {
      if (empty.has(name)) return;
      const last = open.pop();
      if (!last) return;
      if (last.hole) hole = undefined;
      else if (hole) return;
      else if (!last.isKept) {
        if (skipping > 0) skipping -= 1;
      } else {
        if (last.name === 'svg') inDrawing -= 1;
        depth -= 1;
        buffer += `</${last.name}>`;
      }
    },
  };
  return {
    handler,
    end() {
      flush();
      return { parts, blocked, hasMermaid };
    },
  };
}

/**
 * Makes HTML of an author safe by taking out everything that is not known to be. What comes out is written anew from what was understood, so
 * that nothing depends on how a browser reads the original.
 */
export function sanitise(html: string, options: SanitiseOptions): Sanitised {
  const quick = sanitiser(options);
  if (readPlainHtml(html, quick.handler)) return quick.end();
  const thorough = sanitiser(options);
  readHtml(html, thorough.handler);
  return thorough.end();
}
