import { Button, CopyButton } from '@mantine/core';
import classes from './Secret.module.css';

/** Something that is shown once: what it is, the text, and a way to take it along. */
export function Secret({
  label,
  text,
  note,
  onClose,
}: {
  label: string;
  text: string;
  note: string;
  onClose: () => void;
}) {
  return (
    <div className={classes.box} role="status" aria-label={label}>
      <strong>{label}</strong>
      <code className={classes.text}>{text}</code>
      <p className={classes.note}>{note}</p>
      <div className={classes.actions}>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="xs" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button size="xs" variant="default" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
