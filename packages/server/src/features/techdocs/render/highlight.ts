import { hash } from 'node:crypto';
import type { HighlighterCore } from 'shiki/core';
import { escapeText } from './escape.ts';

const longest = 200_000;
const mostKept = 5_000;
const longestLineMs = 1_000;
const mostRepeats = 2;

/** Names that people use for a language which is known by another one. */
const aliases: Record<string, string> = {
  console: 'shellsession',
  'shell-session': 'shellsession',
  sh: 'bash',
  golang: 'go',
  py3: 'python',
  pycon: 'python',
  text: '',
  plain: '',
  none: '',
  output: '',
  conf: 'ini',
  cfg: 'ini',
  properties: 'ini',
  tf: 'hcl',
  hocon: 'json',
  'c#': 'csharp',
  jinja2: 'jinja',
  proto3: 'proto',
  dot: 'dot',
  env: 'dotenv',
  gradle: 'groovy',
  yml: 'yaml',
};

type Engine = { core: HighlighterCore; languages: Record<string, () => Promise<unknown>> };

let loading: Promise<Engine> | undefined;
let engine: Engine | undefined;
const failed = new Set<string>();
/** Languages that were coloured before: making the rules of one ready takes far longer than using them. */
const ready = new Set<string>();
const kept = new Map<string, string[]>();

async function load(): Promise<Engine> {
  const [{ createHighlighterCore, createCssVariablesTheme }, { createJavaScriptRegexEngine }, { bundledLanguages }] =
    await Promise.all([import('shiki/core'), import('shiki/engine/javascript'), import('shiki/langs')]);
  const theme = createCssVariablesTheme({ name: 'tokens', variablePrefix: '--shiki-', fontStyle: false });
  const core = await createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  engine = { core, languages: bundledLanguages };
  return engine;
}

/** The kind of a token, from the variable that the theme gives it as a colour. */
const kindOf = (colour: string | undefined) => /^var\(-+(?:shiki-)?token-([\w-]+)\)$/.exec(colour ?? '')?.[1];

/**
 * The first code of a language is slow, because its rules are made ready line by line, and a line that takes too long is left half done
 * without a word. So code that was slow then is gone through again.
 */
function tokensOf(core: HighlighterCore, code: string, language: string) {
  for (let left = ready.has(language) ? 0 : mostRepeats; ; left -= 1) {
    const started = performance.now();
    const lines = core.codeToTokensBase(code, {
      lang: language,
      theme: 'tokens',
      tokenizeTimeLimit: longestLineMs,
      tokenizeMaxLineLength: 2_000,
    });
    if (left === 0 || performance.now() - started < longestLineMs) return lines;
  }
}

function coloured({ core }: Engine, code: string, language: string): string[] | undefined {
  try {
    const lines = tokensOf(core, code, language);
    ready.add(language);
    return lines.map((line) => {
      let html = '';
      for (const { content, color } of line) {
        const kind = kindOf(color);
        html += kind ? `<span class="tok-${kind}">${escapeText(content)}</span>` : escapeText(content);
      }
      return html;
    });
  } catch {
    failed.add(language);
    return undefined;
  }
}

const plain = (code: string) => code.split('\n').map(escapeText);
const nameOf = (language: string | undefined) => (language === undefined ? '' : (aliases[language] ?? language));
const keyOf = (code: string, language: string) => hash('sha1', `${language}\n${code}`);

function keep(key: string, lines: string[]): string[] {
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, lines);
  return lines;
}

/**
 * Colours code as `highlight` does, if that takes no time worth speaking of.
 *
 * @returns undefined when the rules of the language are not ready
 */
export function highlightNow(code: string, language: string | undefined): string[] | undefined {
  const wanted = nameOf(language);
  if (wanted === '' || code.length > longest) return plain(code);
  const key = keyOf(code, wanted);
  const known = kept.get(key);
  if (known) return known;
  if (failed.has(wanted) || (engine && !engine.languages[wanted])) return plain(code);
  return engine && ready.has(wanted) ? keep(key, coloured(engine, code, wanted) ?? plain(code)) : undefined;
}

/** Code as it is, line by line. */
export const withoutColours = plain;

/**
 * Colours code by classes (`tok-keyword`, `tok-string`, …), so that one text serves light and dark.
 *
 * @returns HTML of each line
 */
export async function highlight(code: string, language: string | undefined): Promise<string[]> {
  const now = highlightNow(code, language);
  if (now) return now;
  const wanted = nameOf(language);
  const own = await (loading ??= load());
  const grammar = own.languages[wanted];
  if (!grammar) return plain(code);
  try {
    if (!own.core.getLoadedLanguages().includes(wanted)) await own.core.loadLanguage(grammar as never);
  } catch {
    failed.add(wanted);
    return plain(code);
  }
  return keep(keyOf(code, wanted), coloured(own, code, wanted) ?? plain(code));
}
