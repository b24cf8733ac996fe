import type { ConnectionResult } from '@callboard/plugin-api';
import { type Calls, faultOf, tested } from '../call.ts';
import { type Provider, record, text } from '../model.ts';
import { failedOf, logOf, pathOf, runsOf } from './actions.ts';

const rights = 'For an app or a fine-grained token: Actions, read (and write, to run again). For a classic one: repo.';

/** GitHub Actions. */
export function createGithub(calls: Calls): Provider {
  return {
    words: 'GitHub Actions',
    async runs(pipeline, before, signal) {
      const path = `${pathOf(pipeline)}/runs?per_page=50&exclude_pull_requests=true`;
      const answer = await calls.changed(pipeline.ci, path, before?.etag, signal);
      return answer && { runs: runsOf(pipeline, answer.body), etag: answer.etag };
    },
    failed: (pipeline, run, signal) => failedOf(calls, pipeline, run, signal),
    log: (pipeline, run, signal) => logOf(calls, pipeline, run, signal),
    async rerun(pipeline, run, signal) {
      const what = run.status === 'failed' ? 'rerun-failed-jobs' : 'rerun';
      const answer = await calls.post(pipeline.ci, `${pathOf(pipeline)}/runs/${run.id}/${what}`, signal);
      if (!answer.ok) throw faultOf(pipeline.ci, answer, `run ${run.id}`, 'start');
      return run.status === 'failed' ? 'The jobs that failed run again.' : 'All jobs run again.';
    },
    async test(ci, project, signal) {
      const title = ci.name;
      const limits = await calls.head(ci, '/rate_limit', signal);
      if (!limits.ok) return [tested(title, faultOf(ci, limits, 'API of GitHub at this address'))];
      const items: ConnectionResult[] = [];
      for (const app of ci.apps ?? []) {
        const own = await calls.app({ ...ci, apps: [app] }, app, 'GET', '/app');
        if (!own.ok) return [tested(title, faultOf(ci, own, `app ${app.id}`))];
        const { slug, permissions } = record(own.json());
        const may = text(record(permissions)['actions']);
        items.push({
          title: `${title}: app ${text(slug) ?? app.id}`,
          state: may === 'write' ? 'good' : may === 'read' ? 'warning' : 'bad',
          message: `Its permission Actions is ${may ?? 'missing'}.`,
          ...(may !== 'write' && { fix: rights }),
        });
      }
      if (ci.token === undefined && items.length === 0)
        return [
          {
            title,
            state: 'warning',
            message: 'It answers. There is no token: only public repositories are seen, 60 calls an hour.',
            fix: `Make a token. ${rights}`,
          },
        ];
      if (ci.token !== undefined) items.push({ title, state: 'good', message: 'It answers and takes the token.' });
      const scopes = limits.headers['x-oauth-scopes'];
      if (scopes && !/\b(repo|public_repo)\b/.test(scopes))
        items.push({
          title: `${title}: scopes`,
          state: 'warning',
          message: `The token has ${scopes}; private repositories need repo.`,
          fix: rights,
        });
      if (project === undefined) return items;
      const path = `/repos/${project}/actions/runs`;
      const runs = await calls.head(ci, `${path}?per_page=1`, signal);
      items.push(
        runs.ok
          ? { title: `${title}: ${project}`, state: 'good', message: 'Its runs can be read.' }
          : { ...tested(`${title}: ${project}`, faultOf(ci, runs, path)), fix: rights },
      );
      return items;
    },
  };
}
