import type { ConnectionResult } from '@callboard/plugin-api';
import { type Calls, fault, type Fault, faultOf, tested } from '../call.ts';
import { type Provider, record, text } from '../model.ts';
import { failedOf, logOf, pathOf, runsOf } from './actions.ts';

const rights = 'The token needs the scope read:repository, and write:repository to run again.';

/** Gitea Actions. Runs have an address since 1.25; before there are only their tasks. */
export function createGitea(calls: Calls): Provider {
  return {
    words: 'Gitea Actions',
    async runs(pipeline, _before, signal) {
      try {
        return { runs: runsOf(pipeline, await calls.json(pipeline.ci, `${pathOf(pipeline)}/runs?limit=50`, signal)) };
      } catch (error) {
        if ((error as Fault).code !== 'NOT_FOUND') throw error;
        const tasks = await calls.json(pipeline.ci, `${pathOf(pipeline)}/tasks?limit=50`, signal);
        return { runs: runsOf(pipeline, tasks).map((run) => ({ ...run, canRerun: false })) };
      }
    },
    async failed(pipeline, run, signal) {
      try {
        return await failedOf(calls, pipeline, run, signal);
      } catch (error) {
        if ((error as Fault).code === 'NOT_FOUND') return undefined;
        throw error;
      }
    },
    log: (pipeline, run, signal) => logOf(calls, pipeline, run, signal),
    async rerun(pipeline, run, signal) {
      const answer = await calls.post(pipeline.ci, `${pathOf(pipeline)}/runs/${run.id}/rerun`, signal);
      if (answer.status === 404 || answer.status === 405)
        throw new Error(`${pipeline.ci.name} cannot be asked to run it again: that needs Gitea 1.26 or newer`);
      if (!answer.ok) throw faultOf(pipeline.ci, answer, `run ${run.id}`, 'start');
      return 'All jobs run again.';
    },
    async test(ci, project, signal) {
      const title = ci.name;
      const answer = await calls.json(ci, '/version', signal).catch((error: Fault) => {
        if (error.code !== 'NOT_FOUND') throw error;
        throw fault('NOT_FOUND', `${title} has no API of Gitea at this address`, 'Check the address.');
      });
      const version = text(record(answer)['version']) ?? 'of an unknown version';
      const items: ConnectionResult[] = [{ title, state: 'good', message: `It answers: Gitea ${version}.` }];
      if (ci.token === undefined)
        items.push({
          title: `${title}: token`,
          state: 'warning',
          message: 'There is none: only public repositories are seen.',
          fix: rights,
        });
      if (project === undefined) return items;
      const path = `/repos/${project}/actions/tasks`;
      const runs = await calls.head(ci, `${path}?limit=1`, signal);
      items.push(
        runs.ok
          ? { title: `${title}: ${project}`, state: 'good', message: 'Its runs can be read.' }
          : { ...tested(`${title}: ${project}`, faultOf(ci, runs, path)), fix: rights },
      );
      return items;
    },
  };
}
