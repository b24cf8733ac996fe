/**
 * A process to be killed: `node writer.ts <place as JSON> [hold]` writes batches of rows, each in one transaction together with an event,
 * and prints a batch's number once its transaction is acknowledged. With `hold` it only opens the database and waits.
 */
import { createEvents } from '../../events/index.ts';
import { createLogger } from '../../log/index.ts';
import { openDatabase } from '../index.ts';

const [place = '{}', mode] = process.argv.slice(2);
const log = await createLogger({ level: 'silent', format: 'json' });
const db = await openDatabase({ ...JSON.parse(place), log });
const events = createEvents({ db, log });
process.stdout.write('open\n');

if (mode === 'hold') setInterval(() => undefined, 1_000);
else {
  const newest = await db
    .reader()
    .selectFrom('batch')
    .select(({ fn }) => fn.max('number').as('number'))
    .executeTakeFirstOrThrow();
  for (let number = Number(newest['number'] ?? 0) + 1; ; number += 1) {
    await db.transaction(async (tx) => {
      const rows = Array.from({ length: 500 }, (_, index) => [number, index, `text ${index}`]);
      await events.append(tx, [{ type: 'test.batch.written', subject: `${number}` }]);
      await db.insertMany(tx, {
        table: 'batch',
        columns: { number: 'integer', position: 'integer', text: 'text' },
        rows,
      });
    });
    process.stdout.write(`${number}\n`);
  }
}
