import { relative } from 'node:path';
import { AppError, defineErrors } from '../errors/index.ts';
import type { ConfigFault } from './types.ts';

const definitions = defineErrors('CONFIG', {
  invalid: {
    name: 'InputError',
    message: 'The configuration cannot be used: {count}\n{list}',
    fix: 'Correct what is named above and start again. `callboard config check` looks at the file without starting the portal.',
  },
  durationInvalid: {
    name: 'InputError',
    message: '"{value}" is not a length of time',
    fix: 'Write it as 30s, 5m or 2h, as PT5M, or as { minutes: 5 }.',
  },
});

export const { durationInvalid } = definitions;

/** Every fault of the configuration at once; thrown before anything is opened. */
export class ConfigError extends AppError {
  readonly faults: ConfigFault[];

  constructor(faults: ConfigFault[]) {
    const { code, message, fix } = definitions.invalid({
      count: faults.length === 1 ? '1 fault' : `${faults.length} faults`,
      list: faults.map((fault) => `  ${formatFault(fault)}`).join('\n'),
    });
    super({ name: 'InputError', code, message, fix, details: { faults } });
    this.faults = faults;
  }
}

/** `callboard.yaml:3:9`, `--port` or `the environment variable CALLBOARD_PORT`. */
export function formatOrigin(origin: { file?: string; line?: number; column?: number; source?: string }): string {
  if (origin.source) return origin.source;
  if (!origin.file) return '';
  const shown = relative(process.cwd(), origin.file);
  const file = shown.startsWith('..') ? origin.file : shown;
  return [file, origin.line, origin.column].filter((part) => part !== undefined).join(':');
}

/** One fault as text: place, key, what is wrong, next step. */
export function formatFault(fault: ConfigFault): string {
  const place = formatOrigin(fault);
  const where = [place, fault.path].filter(Boolean).join('  ');
  return `${where}${where ? ': ' : ''}${fault.message}\n    ${fault.fix}`;
}
