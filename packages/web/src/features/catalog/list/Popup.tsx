import { IconChevronDown } from '@tabler/icons-react';
import { Suspense, useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { fetchAhead } from '../../../core/api/index.ts';
import { PlainButton } from '../../../core/ui/index.ts';
import classes from './Popup.module.css';

type PopupProps = {
  label: string;
  icon?: ReactNode;
  /** Starts to fetch the panel's code before it is wanted. */
  preload: () => Promise<unknown>;
  children: ReactNode;
};

/** A button with a panel under it; the panel's code comes when it is opened. */
export function Popup({ label, icon, preload, children }: PopupProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    // Who follows a link out of the panel is done with it.
    const leave = (event: MouseEvent) => {
      if ((event.target as HTMLElement).closest('a') && box.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('click', leave);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('click', leave);
      document.removeEventListener('keydown', escape);
    };
  }, [open]);
  return (
    <div ref={box} className={classes.box}>
      <PlainButton
        ref={button}
        variant="default"
        leftSection={<span className={classes.icon}>{icon}</span>}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={() => fetchAhead(preload)}
        onClick={() => setOpen(!open)}
      >
        {label}
        <IconChevronDown size="0.75rem" aria-hidden className={classes.icon} />
      </PlainButton>
      {open ? (
        <div role="dialog" aria-label={label} className={classes.panel}>
          <Suspense fallback={<p className={classes.note}>Loading</p>}>
            <FocusFirst box={box} />
            {children}
          </Suspense>
        </div>
      ) : null}
    </div>
  );
}

/** Once the panel is there, the keyboard goes on in it. */
function FocusFirst({ box }: { box: RefObject<HTMLElement | null> }) {
  useEffect(() => {
    box.current?.querySelector<HTMLElement>('[role="dialog"] :is(a, button, input):not(:disabled)')?.focus();
  }, [box]);
  return null;
}
