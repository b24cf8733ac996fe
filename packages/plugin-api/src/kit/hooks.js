import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** The store has room for so many keys that others are left enough. */
const most = 2_500;
const hash = (text) => createHash('sha256').update(text).digest();

export function isSigned(secret, text, signature) {
  const expected = createHmac('sha256', secret).update(text).digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export const isSame = (one, other) => timingSafeEqual(hash(one), hash(other));

export async function secretOf(host, key) {
  const kept = await host.store.get(key);
  if (typeof kept === 'string') return kept;
  await host.store.add(key, randomBytes(32).toString('hex'));
  return await host.store.get(key);
}

export const isFirst = (host, id) => host.store.add(`hook/${hash(id).toString('hex').slice(0, 32)}`, Date.now());

export async function forgetOld(host, prefix, before) {
  const all = [];
  for (let after = ''; ;) {
    const page = await host.store.entries(prefix, after);
    for (const { key, value } of page) all.push({ key, at: Number(value?.at ?? value) });
    if (page.length < 500) break;
    after = page.at(-1).key;
  }
  const newest = all.toSorted((one, other) => other.at - one.at);
  for (const [index, { key, at }] of newest.entries()) if (at < before || index >= most) await host.store.delete(key);
}
