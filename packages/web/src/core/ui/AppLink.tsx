import type { ComponentProps } from 'react';
import { addressOf, type Target } from '../router/index.ts';

type AppLinkProps = Target &
  Omit<ComponentProps<'a'>, 'href'> & {
    /** The page says which link is the current one. */
    current?: 'page' | 'true' | undefined;
    /** Whether the page it opens starts at its top. */
    resetScroll?: boolean;
    /** Whether the page it opens takes the place of this one in the history. */
    replace?: boolean;
  };

const ways = (resetScroll: boolean, replace: boolean) =>
  [resetScroll ? [] : 'keeps-scroll', replace ? 'replaces' : []].flat().join(' ');

/** A link within the portal: opens beside, can be copied, loads its page when the pointer comes near. The frame follows it. */
export function AppLink({
  to,
  params,
  search,
  hash,
  current,
  resetScroll = true,
  replace = false,
  children,
  ...anchor
}: AppLinkProps) {
  return (
    <a
      {...anchor}
      href={addressOf({ to, params, search, hash })}
      data-app={ways(resetScroll, replace)}
      aria-current={current}
    >
      {children}
    </a>
  );
}
