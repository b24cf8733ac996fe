import { hash } from 'node:crypto';
import type { HighlighterCore } from 'shiki/core';
import type { IGrammar, StateStack, StateStackImpl } from 'shiki/textmate';
import { createCodeEngine } from './code-engine.ts';
import { escapeText } from './escape.ts';

const longest = 200_000;
const mostKept = 5_000;
const longestLineMs = 1_000;
const longestLine = 2_000;
const mostRepeats = 2;
const mostStates = 500;
const mostLines = 5_000;

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

type Language = {
  grammar: IGrammar;
  /** states between lines that are not the same */
  states: StateStack[];
  /** lines that were coloured before, by the state that they begin in */
  lines: Map<StateStack, Map<string, ColouredLine>>;
  kept: number;
};
type ColouredLine = { html: string; next: StateStack };
type Engine = {
  core: HighlighterCore;
  bundled: Record<string, unknown>;
  textmate: typeof import('shiki/textmate');
  /** the class of each colour of the theme */
  kinds: (string | undefined)[];
};

let loading: Promise<Engine> | undefined;
let engine: Engine | undefined;
const failed = new Set<string>();
/** Languages that were coloured before: making the rules of one ready takes far longer than using them. */
const ready = new Map<string, Language>();
const kept = new Map<string, string[]>();

async function load(): Promise<Engine> {
  const [{ createHighlighterCore, createCssVariablesTheme }, javascript, { bundledLanguages }, textmate] =
    await Promise.all([
      import('shiki/core'),
      import('shiki/engine/javascript'),
      import('shiki/langs'),
      import('shiki/textmate'),
    ]);
  const theme = createCssVariablesTheme({ name: 'tokens', variablePrefix: '--shiki-', fontStyle: false });
  const core = await createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createCodeEngine((pattern) => javascript.defaultJavaScriptRegexConstructor(pattern, { target: 'auto' })),
  });
  engine = { core, bundled: bundledLanguages, textmate, kinds: kindsOf(core) };
  return engine;
}

/** The kinds of tokens by the colours of the theme, which stand for variables. */
function kindsOf(core: HighlighterCore): (string | undefined)[] {
  const { theme, colorMap } = core.setTheme('tokens');
  return colorMap.map(
    (colour) => /^var\(-+(?:shiki-)?token-([\w-]+)\)$/.exec(theme.colorReplacements?.[colour.toLowerCase()] ?? '')?.[1],
  );
}

/**
 * The first code of a language is slow, because its rules are made ready line by line, and a line that takes too long is left half done. So
 * such a line is gone through again.
 */
function tokensOf({ grammar }: Language, line: string, state: StateStack) {
  for (let left = mostRepeats; ; left -= 1) {
    const result = grammar.tokenizeLine2(line, state, longestLineMs);
    if (left === 0 || !result.stoppedEarly) return result;
  }
}

const isSame = (one: StateStack, other: StateStack): boolean => {
  if (!one.equals(other)) return false;
  let [left, right]: (Partial<StateStackImpl> | null | undefined)[] = [one as StateStackImpl, other as StateStackImpl];
  while (left && right && left !== right) {
    if (left.beginRuleCapturedEOL !== right.beginRuleCapturedEOL) return false;
    [left, right] = [left.parent, right.parent];
  }
  return true;
};

/** Colours one line. Code repeats itself: the same line in the same state looks the same. */
function colouredLine(own: Engine, language: Language, line: string, state: StateStack): ColouredLine {
  let known = language.lines.get(state);
  const before = known?.get(line);
  if (before) return before;
  const { tokens, ruleStack, stoppedEarly } = tokensOf(language, line, state);
  let next = language.states.find((each) => isSame(each, ruleStack));
  if (!next && language.states.length < mostStates) language.states.push((next = ruleStack));
  let html = '';
  let from = 0;
  let kind: string | undefined;
  const write = (to: number) => {
    const text = escapeText(line.slice(from, to));
    if (text !== '') html += kind ? `<span class="tok-${kind}">${text}</span>` : text;
    from = to;
  };
  for (let index = 0; index < tokens.length; index += 2) {
    const its = own.kinds[own.textmate.EncodedTokenMetadata.getForeground(tokens[index + 1]!)];
    if (its === kind) continue;
    write(tokens[index]!);
    kind = its;
  }
  write(line.length);
  const result = { html, next: next ?? ruleStack };
  if (stoppedEarly || !next) return result;
  if (language.kept >= mostLines) {
    language.lines.clear();
    language.kept = 0;
    known = undefined;
  }
  if (!known) language.lines.set(state, (known = new Map()));
  known.set(line, result);
  language.kept += 1;
  return result;
}

function coloured(own: Engine, code: string, name: string): string[] | undefined {
  try {
    // A language is made anew when one comes that it has inside.
    const grammar = own.core.getLanguage(name);
    let language = ready.get(name);
    if (language?.grammar !== grammar) {
      own.kinds = kindsOf(own.core);
      language = { grammar, states: [], lines: new Map(), kept: 0 };
    }
    let state = own.textmate.INITIAL;
    const lines: string[] = [];
    for (const line of code.split('\n')) {
      if (line === '' || line.length >= longestLine) {
        lines.push(escapeText(line));
        continue;
      }
      const { html, next } = colouredLine(own, language, line, state);
      lines.push(html);
      state = next;
    }
    ready.set(name, language);
    return lines;
  } catch {
    failed.add(name);
    return undefined;
  }
}

const plain = (code: string) => code.split('\n').map(escapeText);
const nameOf = (language: string | undefined) => (language === undefined ? '' : (aliases[language] ?? language));
/** Long code is named by its hash, so that it is not kept twice. */
const keyOf = (code: string, language: string) => `${language}\n${code.length > 4_000 ? hash('sha1', code) : code}`;

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
  if (failed.has(wanted) || (engine && !engine.bundled[wanted])) return plain(code);
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
  const grammar = own.bundled[wanted];
  if (!grammar) return plain(code);
  try {
    if (!own.core.getLoadedLanguages().includes(wanted)) await own.core.loadLanguage(grammar as never);
  } catch {
    failed.add(wanted);
    return plain(code);
  }
  return keep(keyOf(code, wanted), coloured(own, code, wanted) ?? plain(code));
}
