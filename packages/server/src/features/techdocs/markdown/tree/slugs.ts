import type { JsonValue } from '../types.ts';

/** Makes an id of the text of a heading. */
export type Slugger = (text: string) => string;

const escaped = (text: string) => text.replaceAll(/[\\\]^-]/g, String.raw`\$&`);

/** Python-Markdown's own ids; runs of separators and spaces become one separator. */
function ownSlug(separator: string, isUnicode: boolean): Slugger {
  const runs = new RegExp(String.raw`[${escaped(separator)}\s]+`, 'gu');
  return (text) =>
    (isUnicode
      ? text.replaceAll(/[^\p{L}\p{N}_\s-]/gu, '')
      : text
          .normalize('NFKD')
          .replaceAll(/\P{ASCII}/gu, '')
          .replaceAll(/[^\w\s-]/g, '')
    )
      .trim()
      .toLowerCase()
      .replaceAll(runs, separator);
}

type Case = 'none' | 'lower' | 'lower-ascii' | 'fold';

const cased: Record<Case, (text: string) => string> = {
  none: (text) => text,
  lower: (text) => text.toLowerCase(),
  'lower-ascii': (text) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()),
  fold: (text) => text.toLowerCase().replaceAll('ß', 'ss'),
};

const forms = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const;

/** The ids of pymdownx; every space becomes a separator. */
function pymdownxSlug(separator: string, letters: Case, isEncoded: boolean, form: (typeof forms)[number]): Slugger {
  return (text) => {
    const slug = cased[letters](
      text
        .normalize(form)
        .replaceAll(/<\/?[^>]*>/g, '')
        .trim(),
    )
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', separator);
    return isEncoded ? encodeURIComponent(slug.toWellFormed()) : slug;
  };
}

/** What the functions without settings do. */
const named: Record<string, [Case, isEncoded: boolean]> = {
  uslugify: ['lower', false],
  uslugify_encoded: ['lower', true],
  uslugify_cased: ['none', false],
  uslugify_cased_encoded: ['none', true],
  gfm: ['lower-ascii', false],
  gfm_encoded: ['lower-ascii', true],
};

/** How the site makes ids: `slugify` names a function, or one with its settings, as the configuration was read. */
export function sluggerOf(option: (key: string) => JsonValue | undefined): Slugger {
  const wanted = option('separator');
  const separator = typeof wanted === 'string' ? wanted : '-';
  const said = option('slugify');
  const settings = said && typeof said === 'object' && !Array.isArray(said) ? said : {};
  const full = typeof said === 'string' ? said : settings['object'];
  const name = typeof full === 'string' ? full : '';
  if (!name.startsWith('pymdownx.slugs.')) return ownSlug(separator, name.endsWith('.slugify_unicode'));
  const known = named[name.slice('pymdownx.slugs.'.length)];
  if (known) return pymdownxSlug(separator, ...known, 'NFC');
  const own = settings['kwds'];
  const kwds = own && typeof own === 'object' && !Array.isArray(own) ? own : {};
  const letters = kwds['case'];
  return pymdownxSlug(
    separator,
    typeof letters === 'string' && Object.hasOwn(cased, letters) ? (letters as Case) : 'none',
    kwds['percent_encode'] === true,
    forms.find((form) => form === kwds['normalize']) ?? 'NFC',
  );
}
