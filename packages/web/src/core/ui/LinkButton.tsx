import type { ComponentProps, ReactNode } from 'react';
import { AppLink } from './AppLink.tsx';
import classes from './Button.module.css';

/** What our buttons of the first page may look like; they weigh nothing, where the library's are a tenth of it. */
export type ButtonLook = {
  variant?: 'filled' | 'default' | undefined;
  size?: 'xs' | 'compact-xs' | undefined;
  leftSection?: ReactNode;
};

const look = ({ variant = 'filled', size = 'xs' }: ButtonLook) => ({
  className: classes.button,
  'data-look': variant,
  'data-small': size === 'compact-xs',
});

/** A button that does something. */
export function PlainButton({
  variant,
  size,
  leftSection,
  children,
  ...button
}: ButtonLook & ComponentProps<'button'>) {
  return (
    <button type="button" {...button} {...look({ variant, size })}>
      {leftSection}
      {children}
    </button>
  );
}

type LinkButtonProps = ButtonLook & {
  to: string;
  search?: Record<string, unknown>;
  /** the keyboard shortcut that presses it */
  'data-shortcut'?: string;
  children: ReactNode;
};

/** A button that goes somewhere: a real link, so that it can be opened beside and copied. */
export function LinkButton({ to, search, variant, size, leftSection, children, ...link }: LinkButtonProps) {
  return (
    <AppLink to={to} search={search} {...link} {...look({ variant, size })}>
      {leftSection}
      {children}
    </AppLink>
  );
}
