import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type { Logger };

/** Paths whose values never reach a log line. */
const secretPaths = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'headers.authorization',
  'headers.cookie',
  '*.password',
  '*.secret',
  '*.token',
];

/**
 * Makes the process logger.
 *
 * @param options.level - lowest level written: trace, debug, info, warn, error or silent
 * @param options.format - `json` for machines, `text` for people
 * @param options.destination - where lines go; standard error when absent, so that standard output stays for results
 */
export async function createLogger(options: {
  level: string;
  format: 'json' | 'text';
  destination?: DestinationStream;
}): Promise<Logger> {
  const settings = { level: options.level, redact: { paths: secretPaths, censor: '[redacted]' } };
  if (options.destination) return pino(settings, options.destination);
  if (options.format === 'json') return pino(settings, pino.destination(2));
  const { default: pretty } = await import('pino-pretty');
  return pino(
    settings,
    pretty({ destination: 2, sync: true, singleLine: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }),
  );
}
