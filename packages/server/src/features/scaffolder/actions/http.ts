import type { JsonObject, JsonValue } from '@callboard/model';
import { scaffolderErrors } from '../errors.ts';
import { type Action, fields, object, text, textOf } from './action.ts';
import { words } from '../words.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];
const longest = 60_000;
const largest = 4 * 1024 * 1024;

/** The address that a step calls, with its parameters. */
function addressOf(input: JsonObject): URL {
  const address = words(input.url);
  if (!URL.canParse(address) || !/^https?:/.test(address))
    throw scaffolderErrors.addressRefused({ url: address, reason: 'it is not a http or https address' });
  const url = new URL(address);
  for (const [key, value] of Object.entries((input.params ?? {}) as JsonObject))
    url.searchParams.set(key, words(value));
  return url;
}

const bodyOf = (input: JsonObject): { body?: string; type?: string } => {
  if (input.body === undefined) return {};
  if (typeof input.body === 'string') return { body: input.body };
  return { body: JSON.stringify(input.body), type: 'application/json' };
};

const readable = (bytes: Uint8Array | null, type: string): JsonValue => {
  const said = Buffer.from(bytes ?? new Uint8Array()).toString('utf8');
  if (!/\bjson\b/.test(type)) return said;
  try {
    return JSON.parse(said) as JsonValue;
  } catch {
    return said;
  }
};

export const httpActions: Action[] = [
  {
    id: 'http:request',
    onlyReads: true,
    description: 'Calls an address outside. The portal itself and this machine are never called.',
    supportsDryRun: false,
    schema: {
      input: fields(
        {
          url: text('A http or https address'),
          method: { enum: methods, description: 'GET when absent' },
          headers: { type: 'object', additionalProperties: { type: 'string' }, description: 'Headers' },
          params: object('Parameters of the address'),
          body: { type: ['string', 'object', 'array'], description: 'A text, or data that is sent as JSON' },
          timeoutMs: {
            type: 'integer',
            minimum: 1,
            maximum: longest,
            description: 'For the whole call; 30 seconds when absent',
          },
          continueOnBadResponse: {
            type: 'boolean',
            description: 'Whether the step goes on when the answer is an error',
          },
        },
        ['url'],
      ),
      output: fields({
        code: { type: 'number', description: 'The status' },
        headers: object('The headers'),
        body: { description: 'Data when the answer is JSON, else text' },
      }),
    },
    examples: [{ description: 'Ask for a number', example: 'url: https://numbers.example/next\nmethod: POST' }],
    plan: (input) => [
      `Sends ${words(input.method ?? 'GET')} to ${words(input.url)
        .replace(/\/\/[^/@]+@/, '//')
        .replace(/\?.*/, '')}`,
    ],
    idempotencyKey: (input) => JSON.stringify([input.method ?? 'GET', input.url, input.params, input.body]),
    async run({ input, services, signal, log, output, step, runId }) {
      const url = addressOf(input);
      if (services.ownHosts.includes(url.host) || services.ownHosts.includes(url.hostname))
        throw scaffolderErrors.addressRefused({ url: url.origin, reason: 'that is this portal itself' });
      if (!services.outbound)
        throw scaffolderErrors.addressRefused({ url: url.origin, reason: 'this command uses no network' });
      const { body, type } = bodyOf(input);
      const method = textOf(input, 'method') ?? 'GET';
      const answer = await services.outbound.request(url, {
        method,
        headers: {
          ...(type ? { 'content-type': type } : {}),
          // Whoever honours it does once what a step asks twice for because it was interrupted.
          ...(method === 'GET' || method === 'HEAD' ? {} : { 'idempotency-key': `${runId}/${step.id}` }),
          ...(input.headers as Record<string, string> | undefined),
        },
        body,
        signal,
        timeoutMs: Number(input.timeoutMs ?? 30_000),
        maxBytes: largest,
        purpose: 'template step',
        anyStatus: true,
        outsideOnly: true,
      });
      log(`${method} ${url.origin}${url.pathname} answered ${answer.status}`);
      if (answer.status >= 400 && input.continueOnBadResponse !== true)
        throw scaffolderErrors.actionFailed({
          action: 'http:request',
          step: step.id,
          reason: `${url.host} answered ${answer.status}`,
        });
      output('code', answer.status);
      output('headers', answer.headers);
      output('body', readable(answer.body, answer.headers['content-type'] ?? ''));
    },
  },
];
