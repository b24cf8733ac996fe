import type { ReactNode } from 'react';
import { AppLink } from '../../ui/index.ts';

/** Addresses that a person can safely follow; others stay text. */
const followed = /^(https?:\/\/|mailto:|\/(?!\/))/i;

/** A link that a plugin gives: within the portal without loading anew, elsewhere without telling where one comes from. */
export function Anchor({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (!href || !followed.test(href)) return <>{children}</>;
  if (!href.startsWith('/'))
    return (
      <a href={href} rel="noreferrer">
        {children}
      </a>
    );
  const [, to = href, hash] = /^([^#]*)(?:#(.*))?$/.exec(href) ?? [];
  return (
    <AppLink to={to} {...(hash && { hash })}>
      {children}
    </AppLink>
  );
}

/** The address of an entity's page by its ref; undefined for what is none. */
export function pathOfEntity(ref: string): string | undefined {
  const [, kind, namespace = 'default', name] = /^([^:/]+):(?:([^:/]+)\/)?([^:/]+)$/.exec(ref.toLowerCase()) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  return `/catalog/${encodeURIComponent(namespace)}/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;
}
