import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

type AnchorProps = ComponentProps<'a'> & { current?: 'page' | 'true' | undefined };

/** The router guesses which link is the current one; here the page says it. */
function Anchor({ current, children, ...anchor }: AnchorProps) {
  return (
    <a {...anchor} aria-current={current} data-status={undefined}>
      {children}
    </a>
  );
}

/** A link within the portal: opens beside, can be copied, loads its page when the pointer comes near. */
export const AppLink = createLink(Anchor);
