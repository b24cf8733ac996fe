import { IconCheck, IconCopy } from '@tabler/icons-react';
import { Fragment, useEffect, useState } from 'react';
import { smallIconButton } from './classes.ts';
import classes from './Copyable.module.css';

/** Text with a button that copies it; says so for a moment. */
export function Copyable({ text, label, children }: { text: string; label: string; children?: React.ReactNode }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () =>
    void copyText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <span className={classes.copyable}>
      {children ?? (
        <code className={classes.text}>
          <Breakable text={text} />
        </code>
      )}
      <button
        type="button"
        className={smallIconButton}
        onClick={copy}
        aria-label={copied ? 'Copied' : label}
        title={label}
      >
        {copied ? <IconCheck size="0.875rem" aria-hidden /> : <IconCopy size="0.875rem" aria-hidden />}
      </button>
    </span>
  );
}

/** An address, a path or a reference that goes to the next line after one of its parts, rather than in the middle of a word. */
export const Breakable = ({ text }: { text: string }) =>
  text.split(/(?<=[/.:@?&=_-])(?![/.:@?&=_-])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 ? <wbr /> : null}
      {part}
    </Fragment>
  ));

/** The clipboard API exists on https and loopback only; an intranet on plain http needs the old way. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
