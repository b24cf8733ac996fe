import { hash } from 'node:crypto';
import type { HighlighterCore } from 'shiki/core';
import { escapeText } from './escape.ts';

const longest = 200_000;
const mostKept = 5_000;

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

let loading: Promise<{ core: HighlighterCore; languages: Record<string, () => Promise<unknown>> }> | undefined;
const failed = new Set<string>();
const kept = new Map<string, string[]>();

async function load() {
  const [{ createHighlighterCore, createCssVariablesTheme }, { createJavaScriptRegexEngine }, { bundledLanguages }] =
    await Promise.all([import('shiki/core'), import('shiki/engine/javascript'), import('shiki/langs')]);
  const theme = createCssVariablesTheme({ name: 'tokens', variablePrefix: '--shiki-', fontStyle: false });
  const core = await createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  return { core, languages: bundledLanguages as Record<string, () => Promise<unknown>> };
}

/** The kind of a token, from the variable that the theme gives it as a colour. */
const kindOf = (colour: string | undefined) => /^var\(-+(?:shiki-)?token-([\w-]+)\)$/.exec(colour ?? '')?.[1];

async function tokens(code: string, language: string): Promise<string[] | undefined> {
  const { core, languages } = await (loading ??= load());
  const grammar = languages[language];
  if (!grammar || failed.has(language)) return undefined;
  try {
    if (!core.getLoadedLanguages().includes(language)) await core.loadLanguage(grammar as never);
    const lines = core.codeToTokensBase(code, {
      lang: language,
      theme: 'tokens',
      tokenizeTimeLimit: 300,
      tokenizeMaxLineLength: 2_000,
    });
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

/**
 * Colours code by classes (`tok-keyword`, `tok-string`, …), so that one text serves light and dark.
 *
 * @returns HTML of each line
 */
export async function highlight(code: string, language: string | undefined): Promise<string[]> {
  const wanted = language === undefined ? '' : (aliases[language] ?? language);
  const plain = () => code.split('\n').map(escapeText);
  if (wanted === '' || code.length > longest) return plain();
  const key = hash('sha1', `${wanted}\n${code}`);
  const known = kept.get(key);
  if (known) return known;
  const lines = (await tokens(code, wanted)) ?? plain();
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, lines);
  return lines;
}
