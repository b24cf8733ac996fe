import type { ReactNode } from 'react';
import { Copyable } from '../../../core/ui/index.ts';
import { highlightLine, type Language } from '../highlight.ts';
import classes from './CodeBlock.module.css';

/** A line with its colours. */
export function Line({ text, language }: { text: string; language: Language }) {
  return highlightLine(text, language).map(({ text: part, kind }, index) => (
    <span key={index} data-kind={kind}>
      {part}
    </span>
  ));
}

/** What can be read as JSON is coloured as such. */
export const languageOfText = (text: string): Language => (/^\s*[{[]/.test(text) ? 'json' : 'text');

type CodeBlockProps = { title: ReactNode; label: string; text: string; language: Language; aside?: ReactNode };

/** A short piece of code with a title and a button that copies it. */
export function CodeBlock({ title, label, text, language, aside }: CodeBlockProps) {
  return (
    <figure className={classes.block}>
      <figcaption className={classes.head}>
        <span className={classes.title}>{title}</span>
        {aside}
        <Copyable text={text} label={`Copy: ${label}`}>
          <span />
        </Copyable>
      </figcaption>
      {/* A region that scrolls must be reachable by the keyboard. */}
      <pre className={classes.code} tabIndex={0} role="group" aria-label={label}>
        <code>
          {text.split('\n').map((line, index) => (
            <span key={index} className={classes.line}>
              <Line text={line} language={language} />
              {'\n'}
            </span>
          ))}
        </code>
      </pre>
    </figure>
  );
}
