import type { Entity } from '@callboard/model';
import { safeUrl, textAt } from '../entity.ts';

export type Contact = { href: string; text: string };

const leadsToPeople = /on[- ]?call|pager|chat|channel|support|contact|mail|help ?desk|forum|escalat/i;

/** Whether a link is a way to people rather than to a machine or a text. */
export const isContact = (link: { url: string; title?: string; type?: string; icon?: string }): boolean =>
  /^(mailto|tel|sip):/i.test(link.url) ||
  leadsToPeople.test(`${link.type ?? ''} ${link.icon ?? ''} ${link.title ?? ''}`);

/** The ways to whoever an entity is or names: its address and the links that lead to people. */
export function contactsOf(entity: Entity | null | undefined): Contact[] {
  const email = textAt(entity, 'spec.profile.email');
  const links = (entity?.metadata.links ?? []).filter(isContact).flatMap(({ url, title }): Contact[] => {
    const href = safeUrl(url);
    return href ? [{ href, text: title ?? url.replace(/^(mailto|tel):/i, '') }] : [];
  });
  return [...links, ...(email ? [{ href: `mailto:${email}`, text: email }] : [])];
}
