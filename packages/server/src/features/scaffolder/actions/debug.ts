import { setTimeout as wait } from 'node:timers/promises';
import { scaffolderErrors } from '../errors.ts';
import { type Action, fields, text } from './action.ts';
import { words } from '../words.ts';

const longest = 10 * 60_000;
const shownBytes = 64 * 1024;
const number = (description: string) => ({ type: 'number', minimum: 0, description });

/** The actions that help to understand a template. */
export const debugActions: Action[] = [
  {
    id: 'debug:log',
    onlyReads: true,
    description: 'Writes a message to the log, and lists the workspace if asked.',
    supportsDryRun: true,
    schema: {
      input: fields({
        message: text('What is written'),
        listWorkspace: {
          enum: [true, false, 'with-filenames', 'with-contents'],
          description: 'Whether files are listed, also with their contents',
        },
      }),
    },
    examples: [{ description: 'What was made so far', example: 'message: So far\nlistWorkspace: with-filenames' }],
    async run({ input, workspace, log }) {
      log(JSON.stringify(input, null, 2));
      if (input.message) log(words(input.message));
      if (!input.listWorkspace) return;
      const lines: string[] = [];
      for (const path of (await workspace.entries()).filter((entry) => !entry.endsWith('/'))) {
        if (input.listWorkspace !== 'with-contents') lines.push(`  - ${path}`);
        else {
          const content = await workspace.read(path).catch(() => undefined);
          lines.push(content ? ` - ${path}:\n\n  ${content.toString('utf8', 0, shownBytes)}` : ` - ${path}: [skipped]`);
        }
      }
      log(`Workspace:\n${lines.join('\n')}`);
    },
  },
  {
    id: 'debug:wait',
    onlyReads: true,
    description: 'Waits, for at most ten minutes.',
    supportsDryRun: false,
    schema: {
      input: fields({ minutes: number('Minutes'), seconds: number('Seconds'), milliseconds: number('Milliseconds') }),
    },
    examples: [{ description: 'A moment', example: 'seconds: 5' }],
    async run({ input, signal }) {
      const { minutes = 0, seconds = 0, milliseconds = 0 } = input as Record<string, number>;
      const time = minutes * 60_000 + seconds * 1000 + milliseconds;
      if (time > longest) throw scaffolderErrors.waitTooLong();
      await wait(time, undefined, { signal });
    },
  },
];
