import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Problem } from '@callboard/model';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';

/** What the page may ask of the editor. */
export type EditorHandle = { goTo(line: number, column?: number): void; replace(text: string): void };

type CodeEditorProps = {
  /** the text at the start; later ones come by `replace` */
  initial: string;
  readOnly: boolean;
  /** what it is called for those who cannot see it */
  label?: string;
  /** whether the text is YAML */
  isYaml?: boolean;
  problems: readonly Problem[];
  complete(text: string, line: number, column: number, signal: AbortSignal): Promise<Completions | undefined>;
  onChange(text: string): void;
  onSave(): void;
  onReady(handle: EditorHandle): void;
};

export type Completions = {
  /** how many characters before the cursor they replace */
  written: number;
  options: { label: string; apply?: string; detail?: string; info?: string; boost?: number }[];
};

const look = EditorView.theme({
  '&': { backgroundColor: 'var(--cb-page)', color: 'var(--cb-text)', fontSize: '0.8125rem', height: '100%' },
  '&.cm-focused': { outline: '2px solid var(--cb-accent)', outlineOffset: '-1px' },
  '.cm-scroller': { fontFamily: 'var(--cb-mono)', lineHeight: '1.5', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--cb-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--cb-text)' },
  '.cm-gutters': { backgroundColor: 'var(--cb-sunken)', color: 'var(--cb-dimmed)', borderColor: 'var(--cb-border)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--cb-hover) 60%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--cb-hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--cb-selected)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--cb-mark)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--cb-page)',
    color: 'var(--cb-text)',
    border: '1px solid var(--cb-border)',
    borderRadius: '6px',
    boxShadow: 'var(--cb-shadow)',
    maxWidth: 'min(32rem, 90vw)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--cb-selected)',
    color: 'var(--cb-text)',
  },
  '.cm-completionDetail': { color: 'var(--cb-dimmed)', fontStyle: 'normal' },
  '.cm-panels': { backgroundColor: 'var(--cb-sunken)', color: 'var(--cb-text)', borderColor: 'var(--cb-border)' },
  '.cm-foldPlaceholder': { backgroundColor: 'transparent', color: 'var(--cb-dimmed)', borderColor: 'var(--cb-border)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--cb-accent)' },
  { tag: [tags.comment, tags.separator, tags.punctuation, tags.meta], color: 'var(--cb-dimmed)' },
  { tag: [tags.labelName, tags.typeName, tags.keyword], color: 'var(--cb-warning)' },
]);

const severities = { error: 'error', warning: 'warning', information: 'info' } as const;

const offsetOf = (text: Text, line: number, column: number) => {
  const found = text.line(Math.min(Math.max(line, 1), text.lines));
  return Math.min(found.from + Math.max(column - 1, 0), found.to);
};

/** A problem at the word where it begins, to the end of the line at most. */
function diagnosticOf(text: Text, problem: Problem): Diagnostic {
  const from = offsetOf(text, problem.line ?? 1, problem.column ?? 1);
  const line = text.lineAt(from);
  const word = /^[^\s:]+/.exec(text.sliceString(from, line.to))?.[0].length ?? 0;
  const to = Math.max(from + word, Math.min(from + 1, line.to));
  return {
    from: from === to ? line.from : from,
    to,
    severity: severities[problem.severity],
    message: `${problem.message}\n${problem.fix}`,
  };
}

/** A text editor for descriptors. It is made once; what changes afterwards reaches it by its handle and by effects. */
export function CodeEditor(props: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const current = useRef(props);
  useEffect(() => {
    current.current = props;
  });
  useEffect(() => {
    const { initial, readOnly, label = 'Descriptor', isYaml = true } = current.current;
    const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
      const line = context.state.doc.lineAt(context.pos);
      const aborter = new AbortController();
      context.addEventListener('abort', () => aborter.abort());
      const found = await current.current
        .complete(context.state.doc.toString(), line.number - 1, context.pos - line.from, aborter.signal)
        .catch(() => undefined);
      if (!found || found.options.length === 0) return null;
      if (!context.explicit && found.written === 0) return null;
      return { from: context.pos - found.written, options: found.options, validFor: /^[\w.:/@-]*$/ };
    };
    const made = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: initial,
        extensions: [
          keymap.of([
            {
              key: 'Mod-s',
              preventDefault: true,
              run() {
                current.current.onSave();
                return true;
              },
            },
          ]),
          basicSetup,
          isYaml ? yaml() : [],
          look,
          syntaxHighlighting(colours),
          lintGutter(),
          autocompletion({ override: [source], interactionDelay: 0 }),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) current.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    current.current.onReady({
      goTo(line, column = 1) {
        const at = offsetOf(made.state.doc, line, column);
        made.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
        made.focus();
      },
      replace(text) {
        made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: text } });
      },
    });
    return () => made.destroy();
  }, []);
  useEffect(() => {
    const made = view.current;
    if (!made) return;
    const found = props.problems.map((problem) => diagnosticOf(made.state.doc, problem));
    made.dispatch(
      setDiagnostics(
        made.state,
        found.toSorted((a, b) => a.from - b.from),
      ),
    );
  }, [props.problems]);
  return <div ref={host} style={{ height: '100%', minWidth: 0 }} />;
}
