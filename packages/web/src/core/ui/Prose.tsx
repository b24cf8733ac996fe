import type { ReactNode } from 'react';
import { safeUrl } from './safe-url.ts';
import classes from './Prose.module.css';

const inline = /(`+)(.+?)\1|\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>)\]]+[^\s<>)\].,;:])/g;

function textWithMarks(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const match of text.matchAll(inline)) {
    parts.push(text.slice(at, match.index));
    const [whole, , code, strong, label, target, address] = match;
    const href = safeUrl(target ?? address);
    if (code !== undefined) parts.push(<code key={match.index}>{code.trim()}</code>);
    else if (strong !== undefined) parts.push(<strong key={match.index}>{strong}</strong>);
    else if (href)
      parts.push(
        <a key={match.index} href={href} rel="noreferrer">
          {label ?? address}
        </a>,
      );
    else parts.push(label ?? whole);
    at = match.index + whole.length;
  }
  parts.push(text.slice(at));
  return parts;
}

function Block({ text }: { text: string }) {
  const fence = /^```[^\n]*\n([\s\S]*?)\n?```$/.exec(text);
  if (fence)
    return (
      // A region that scrolls must be reachable by the keyboard.
      <pre tabIndex={0} role="group" aria-label="Code">
        <code>{fence[1]}</code>
      </pre>
    );
  const lines = text.split('\n');
  if (
    lines.every((line) => /^\s*([-*+]|\d+[.)])\s+/.test(line) || /^\s{2,}\S/.test(line)) &&
    /^\s*([-*+]|\d)/.test(text)
  ) {
    const items = text.split(/\n(?=\s*(?:[-*+]|\d+[.)])\s+)/);
    return (
      <ul>
        {items.map((item, index) => (
          <li key={index}>{textWithMarks(item.replace(/^\s*([-*+]|\d+[.)])\s+/, ''))}</li>
        ))}
      </ul>
    );
  }
  const heading = /^#{1,6}\s+(.*)$/.exec(text);
  return <p>{heading ? <strong>{textWithMarks(heading[1]!)}</strong> : textWithMarks(text)}</p>;
}

/** The small part of Markdown that descriptions of APIs use. HTML in it stays text. */
export function Prose({ text, small = false }: { text: string | undefined; small?: boolean }) {
  if (!text) return null;
  const blocks = text.trim().match(/```[^\n]*\n[\s\S]*?(?:```|$)|(?:(?!\n\s*\n|```)[\s\S])+/g) ?? [];
  return (
    <div className={classes.prose} data-small={small}>
      {blocks
        .map((block) => block.trim())
        .filter(Boolean)
        .map((block, index) => (
          <Block key={index} text={block} />
        ))}
    </div>
  );
}
