import type { Connection, Submittable } from 'pg';
import { storableText } from './bulk-rows.ts';

/** Large enough that a system call is worth it, small enough that making it stalls nobody. */
const messageCharacters = 100_000;
const rowsAtOnce = 1_000;

type Row = readonly unknown[];

const unusual = /[\0\\\n\r\t\uD800-\uDFFF]/;
const special = /[\\\n\r\t]/g;
const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (text: string) => storableText(text).replace(special, (character) => escapes[character]!);

/** A value in the text format of COPY (PostgreSQL manual, COPY, "Text Format"). */
const valueText = (value: unknown): string => {
  if (typeof value === 'string') return unusual.test(value) ? escaped(value) : value;
  if (value === null || value === undefined) return '\\N';
  return (typeof value === 'boolean' ? Number(value) : (value as number)).toString();
};

/** A message CopyData: its type, its length without the type, and the text. */
const copyData = (text: string): Buffer => {
  const length = Buffer.byteLength(text);
  const message = Buffer.allocUnsafe(length + 5);
  message[0] = 0x64;
  message.writeInt32BE(length + 4, 1);
  message.write(text, 5);
  return message;
};

function* messages(rows: readonly Row[]): Generator<Buffer> {
  let text = '';
  let count = 0;
  for (const row of rows) {
    for (let index = 0; index < row.length; index += 1) {
      if (index > 0) text += '\t';
      text += valueText(row[index]);
    }
    text += '\n';
    count += 1;
    if (text.length < messageCharacters && count < rowsAtOnce) continue;
    yield copyData(text);
    text = '';
    count = 0;
  }
  if (text) yield copyData(text);
}

/** The parts of a connection that `pg` offers to statements of a kind of their own; its types name only some of them. */
type CopyConnection = Connection & { endCopyFrom(): void; sendCopyFail(reason: string): void };

/** Sends rows while the server stores those before, no faster than it takes them and with a pause for others after each message. */
class CopyIn implements Submittable {
  readonly #sql: string;
  readonly #messages: Iterator<Buffer>;
  readonly #settle: (error?: Error) => void;
  #failed = false;

  constructor(sql: string, rows: readonly Row[], settle: (error?: Error) => void) {
    this.#sql = sql;
    this.#messages = messages(rows);
    this.#settle = settle;
  }

  submit(connection: Connection): void {
    connection.query(this.#sql);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.#send(connection);
  }

  handleError(error: Error): void {
    this.#failed = true;
    this.#settle(error);
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#settle();
  }

  #send(connection: CopyConnection): void {
    // What the server has refused it does not listen to any more; of a lost connection the statement is told by itself.
    if (this.#failed || !connection.stream.writable) return;
    let next: IteratorResult<Buffer>;
    try {
      next = this.#messages.next();
    } catch (error) {
      connection.sendCopyFail((error as Error).message);
      return;
    }
    if (next.done) connection.endCopyFrom();
    else if (connection.stream.write(next.value)) setImmediate(() => this.#send(connection));
    else connection.stream.once('drain', () => this.#send(connection));
  }
}

/**
 * Runs a `COPY … FROM STDIN`.
 *
 * @param client - gives the statement to a connection
 */
export const copyRows = (
  client: { query(statement: Submittable): unknown },
  sql: string,
  rows: readonly Row[],
): Promise<void> =>
  new Promise((resolve, reject) => {
    client.query(new CopyIn(sql, rows, (error) => (error ? reject(error) : resolve())));
  });
