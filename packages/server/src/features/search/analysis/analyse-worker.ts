/** A thread that analyses documents and reads API definitions, one task at a time. */
import { parentPort } from 'node:worker_threads';
import { file } from '../filing/filing.ts';
import { operationsOf } from '../formats/definition.ts';
import { analyse } from './analyse.ts';
import type { AnalysisReply, AnalysisResult, AnalysisTask } from './messages.ts';

const port = parentPort!;

const run = (task: AnalysisTask): AnalysisResult =>
  task.kind === 'documents'
    ? file(
        task.form,
        task.documents.map((document) => analyse(task.type, document)),
      )
    : operationsOf(task.type, task.definition);

port.on('message', ({ id, task }: { id: number; task: AnalysisTask }) => {
  let reply: AnalysisReply;
  try {
    reply = { id, result: run(task) };
  } catch (error) {
    reply = { id, error: (error as Error).message };
  }
  port.postMessage(reply);
});
