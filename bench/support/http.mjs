import { Agent, request } from 'node:http';

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** One connection that stays open, as a client that asks one thing after the other has. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/**
 * Asks and reads the whole answer.
 *
 * @returns status, text, and the milliseconds from the request to the last byte
 */
export function ask(url, { method = 'GET', body, headers: more = {}, timeoutMs = 30_000 } = {}) {
  const started = performance.now();
  const headers = {
    ...more,
    ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  return new Promise((done, failed) => {
    const call = request(url, { method, headers, agent, timeout: timeoutMs }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.once('error', failed);
      response.once('end', () => {
        const ms = performance.now() - started;
        done({ status: response.statusCode, text: Buffer.concat(chunks).toString('utf8'), ms });
      });
    });
    call.once('timeout', () => call.destroy(new Error(`no answer from ${url} within ${timeoutMs} ms`)));
    call.once('error', failed);
    call.end(body);
  });
}

/** Asks for JSON; anything but 200 is an error. */
export async function askJson(url, options) {
  const answer = await ask(url, options);
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${answer.text.slice(0, 500)}`);
  return JSON.parse(answer.text);
}

/**
 * Asks again until the answer is right.
 *
 * @param check - returns something true when it is
 * @returns the milliseconds that it took, and what `check` returned
 */
export async function until(check, { everyMs = 20, limitMs = 120_000, what }) {
  const started = performance.now();
  for (;;) {
    const found = await check();
    const ms = performance.now() - started;
    if (found) return { ms, found };
    if (ms > limitMs) throw new Error(`${what} did not happen within ${limitMs / 1000} s`);
    await pause(everyMs);
  }
}
