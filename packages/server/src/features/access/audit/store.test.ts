import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../../../core/db/index.ts';
import { createLogger } from '../../../core/log/index.ts';
import { forEachDatabase } from '../../../testing/databases.ts';
import { createAudit } from './audit.ts';
import { changes, withoutSecrets } from './hook.ts';
import type { NewAuditEntry } from './types.ts';

const entry = (subject: string): NewAuditEntry => ({
  actor: 'user:default/jane',
  via: 'session:1',
  address: '10.0.0.1',
  action: 'catalog.location.create',
  operation: 'CreateLocation',
  subject,
  result: 'done',
  status: 201,
  request: 'r',
  detail: { sent: { target: subject } },
});

forEachDatabase((_dialect, databases) => {
  let db: Database;
  const audit = createAudit();
  beforeAll(async () => {
    db = await databases.open();
    audit.record(entry('before the database'));
    await audit.prepare(db, await createLogger({ level: 'silent', format: 'json' }));
    for (let index = 1; index < 7; index += 1) audit.record(entry(`thing-${index}`));
    await audit.flush();
  });
  const alter = (column: 'subject' | 'hash', id: number, value: string) =>
    db.transaction((tx) =>
      tx
        .updateTable('access_audit')
        .set({ [column]: value })
        .where('id', '=', id)
        .execute(),
    );
  const verify = () => audit.store().verify();

  test('keeps all in order, finds by every field, page by page', async () => {
    const store = audit.store();
    const page = await store.page({ action: 'catalog.*', text: 'THING-' }, { limit: 2, before: 6 });
    expect(page.map(({ id, subject }) => [id, subject])).toEqual([
      [5, 'thing-4'],
      [4, 'thing-3'],
    ]);
    expect(
      await store.page({ subject: 'thing-1', actor: 'user:default/jane', result: 'done' }, { limit: 9 }),
    ).toMatchObject([{ id: 2, detail: { sent: { target: 'thing-1' } } }]);
    for (const filter of [{ result: 'refused' }, { from: Date.now() + 60_000 }, { text: '%' }, { subject: 'thing' }])
      expect(await store.page(filter, { limit: 9 })).toEqual([]);
  });

  test('two replicas add to one chain', async () => {
    const stores = [audit.store(), audit.store()];
    const at = Date.now();
    await Promise.all(stores.map((store, index) => store.append([{ ...entry(`replica-${index}`), at }])));
    expect(await verify()).toMatchObject({ intact: true, entries: 9 });
  });

  test('shows an entry that was altered, made anew or taken away', async () => {
    const [third] = await audit.store().page({ subject: 'thing-2' }, { limit: 1 });
    await alter('subject', 3, 'nothing');
    expect(await verify()).toMatchObject({ intact: false, broken: { id: 3 } });
    await alter('subject', 3, third!.subject);
    await alter('hash', 9, '0'.repeat(64));
    expect(await verify()).toMatchObject({ intact: false, broken: { id: 9 } });
    await db.transaction((tx) => tx.deleteFrom('access_audit').where('id', '=', 9).execute());
    expect((await verify()).broken).toEqual({ id: 9, reason: 'this entry and those after it are missing' });
    await db.transaction((tx) => tx.deleteFrom('access_audit').where('id', '=', 2).execute());
    expect((await verify()).broken).toEqual({ id: 2, reason: 'this entry is missing' });
  });

  test('forgets what is old without breaking what is left', async () => {
    const other = await databases.open();
    const young = createAudit();
    await young.prepare(other, await createLogger({ level: 'silent', format: 'json' }));
    const day = 86_400_000;
    await young
      .store()
      .append([1, 2, 3].map((days) => ({ ...entry(`d-${days}`), at: Date.now() - (4 - days) * 10 * day })));
    expect(await young.prune(15)).toBe(2);
    expect(await young.store().verify()).toMatchObject({ intact: true, entries: 1 });
  });
});

test('what is put down holds no secrets and has an end', () => {
  expect(
    withoutSecrets({
      name: 'x',
      password: 'p',
      nested: { apiKey: 'k', list: [{ clientSecret: 's', ok: 1 }] },
      text: 'y'.repeat(400),
      deep: { a: { b: { c: { d: 1 } } } },
    }),
  ).toEqual({
    name: 'x',
    password: '(secret)',
    nested: { apiKey: '(secret)', list: [{ clientSecret: '(secret)', ok: 1 }] },
    text: `${'y'.repeat(300)}… (400)`,
    deep: { a: { b: { c: '…' } } },
  });
});

test('a change is told from a question by method and permission', () => {
  expect(changes('GET', 'catalog.entity.delete')).toBe(false);
  expect(changes('POST', 'catalog.entity.read')).toBe(false);
  expect(changes('POST', 'catalog.entity.refresh')).toBe(true);
  expect(changes('POST', 'catalog.entity.validate')).toBe(false);
  expect(changes('POST', 'plugins.use')).toBe(true);
  expect(changes('POST', 'none')).toBe(true);
});
