/** Runs as a process of its own, to be killed: a portal with one more action, whose effects somebody else writes down. */
import { appendFile } from 'node:fs/promises';
import { type Action, fields, text } from '../actions/action.ts';
import { type ReplicaOptions, startReplica } from './replica.ts';

const { world, ...options } = JSON.parse(process.argv[2]!) as ReplicaOptions & { world: string };

const record: Action = {
  id: 'test:record',
  description: 'Has an effect in the workspace that cannot be had twice, and one outside that has a name.',
  supportsDryRun: false,
  schema: { input: fields({ name: text('Its name') }, ['name']) },
  async run({ input, workspace, runId, step }) {
    await appendFile(workspace.resolve('steps.txt'), `${input.name as string}\n`);
    const answer = await fetch(`${world}/${input.name as string}`, {
      method: 'PUT',
      headers: { 'idempotency-key': `${runId}/${step.id}` },
    });
    if (!answer.ok) throw new Error(`the world answered ${answer.status}`);
  },
};

const { url } = await startReplica({ ...options, actions: [record] });
process.stdout.write(`${url}\n`);
