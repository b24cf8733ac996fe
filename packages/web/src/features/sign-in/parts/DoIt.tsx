import type { ComponentProps } from 'react';
import { ActionButton } from '../../../core/ui/index.ts';

/** A button in a row of sessions, tokens or people. */
export const DoIt = (props: Omit<ComponentProps<typeof ActionButton>, 'queryKey'>) => (
  <ActionButton {...props} queryKey={['access']} />
);
