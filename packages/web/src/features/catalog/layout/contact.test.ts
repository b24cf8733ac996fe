import { expect, it } from 'vitest';
import { contactsOf } from './contact.ts';

const group = (links: object[], email?: string) =>
  ({
    apiVersion: 'v1',
    kind: 'Group',
    metadata: { name: 'g', links },
    spec: { profile: { ...(email ? { email } : {}) } },
  }) as Parameters<typeof contactsOf>[0];

it('finds the ways to people, the address last', () => {
  expect(
    contactsOf(
      group(
        [
          { url: 'https://chat.example/payments', title: 'Team chat' },
          { url: 'https://wiki.example/', title: 'Handbook' },
          { url: 'https://duty.example/', title: 'On call' },
          { url: 'tel:+4412345' },
          { url: 'javascript:alert(1)', title: 'Support' },
        ],
        'payments@example.org',
      ),
    ),
  ).toEqual([
    { href: 'https://chat.example/payments', text: 'Team chat' },
    { href: 'https://duty.example/', text: 'On call' },
    { href: 'tel:+4412345', text: '+4412345' },
    { href: 'mailto:payments@example.org', text: 'payments@example.org' },
  ]);
  expect(contactsOf(null)).toEqual([]);
});
