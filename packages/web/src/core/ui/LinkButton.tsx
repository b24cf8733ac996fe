import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { AppLink } from './AppLink.tsx';

type LinkButtonProps = Pick<ButtonProps, 'variant' | 'size' | 'leftSection'> & {
  to: string;
  search?: Record<string, unknown>;
  /** the keyboard shortcut that presses it */
  'data-shortcut'?: string;
  children: ReactNode;
};

/** A button that goes somewhere: a real link, so that it can be opened beside and copied. */
export function LinkButton({ to, search, children, size = 'xs', ...look }: LinkButtonProps) {
  return (
    <Button
      size={size}
      {...look}
      renderRoot={(props: Record<string, unknown>) => <AppLink {...props} to={to} search={search ?? {}} />}
    >
      {children}
    </Button>
  );
}
