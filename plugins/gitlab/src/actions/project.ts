import type { Action, Host } from '@callboard/plugin-api';
import { type Api, encoded, failure, type Thing } from '../api.ts';
import type { Settings } from '../settings.ts';
import { acting, type Made, madeId, type Work } from './acting.ts';
import { type Input, textOf } from './input.ts';

function projectOf(input: Input, project: string | number): string {
  const given = input['projectId'] ?? project;
  if (given === '/') throw failure('INPUT', 'Neither projectId nor repoUrl says which project: add owner and repo');
  return `/projects/${encoded(given)}`;
}

/** What an issue is to be changed to, in GitLab's words; an empty text of labels takes all of them away. */
function changesOf(input: Input): Thing {
  const given: Thing = {
    add_labels: input['addLabels'],
    assignee_ids: input['assignees'],
    confidential: input['confidential'],
    description: input['description'],
    discussion_locked: input['discussionLocked'],
    due_date: input['dueDate'],
    epic_id: input['epicId'],
    issue_type: input['issueType'],
    labels: input['labels'],
    milestone_id: input['milestoneId'],
    remove_labels: input['removeLabels'],
    state_event: input['stateEvent'],
    title: textOf(input, 'title'),
    updated_at: input['updatedAt'],
    weight: input['weight'],
  };
  const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (Object.keys(changes).length === 0) throw failure('INPUT', 'Nothing says what to change of the issue');
  return changes;
}
const wordsOf = (changes: Thing): string =>
  Object.keys(changes)
    .map((key) => key.replace(/_ids?$/, '').replaceAll('_', ' '))
    .join(', ');

/** Actions upon groups and projects. */
export function projectActions(host: Host, api: Api, settings: Settings): Record<string, Action> {
  const act = (plan: (at: string, input: Input) => Made, work: Work) => acting(host, settings, plan, work);
  const segments = (input: Input) =>
    (input['path'] as (string | { name: string; slug: string })[]).map((each) =>
      typeof each === 'string' ? { name: each, slug: each } : each,
    );
  return {
    'gitlab:group:ensureExists': act(
      (at, input) => ({
        output: { groupId: 0 },
        effects: [
          `Would make the group ${segments(input)
            .map(({ slug }) => slug)
            .join('/')} on ${at}, as far as it is not there`,
        ],
      }),
      async ({ at }, input, call) => {
        const effects: string[] = [];
        let parent: number | undefined;
        let full = '';
        const path = segments(input);
        for (const [index, { name, slug }] of path.entries()) {
          full = full === '' ? slug : `${full}/${slug}`;
          let group = await api.find(at, `/groups/${encoded(full)}?with_projects=false`, call);
          if (!group) {
            const isLast = index === path.length - 1;
            const body = {
              name,
              path: slug,
              ...(parent !== undefined && { parent_id: parent }),
              ...(isLast && textOf(input, 'description') && { description: textOf(input, 'description') }),
            };
            group = await api.get(at, '/groups', { ...call, method: 'POST', body });
            effects.push(`Made the group ${full}`);
          }
          parent = Number(group['id']);
        }
        return { output: { groupId: parent }, effects: effects.length > 0 ? effects : [`The group ${full} is there`] };
      },
    ),

    'gitlab:projectVariable:create': act(
      (at, input) => ({
        output: {},
        effects: [`Would set the variable ${input['key']} of project ${input['projectId']} on ${at}`],
      }),
      async ({ at, project }, input, call, step) => {
        const start = `${projectOf(input, project)}/variables`;
        const scope = textOf(input, 'environmentScope') ?? '*';
        const one = `${start}/${input['key']}?filter%5Benvironment_scope%5D=${encoded(scope)}`;
        const there = await api.find(at, one, call);
        const name = `${input['key']}${scope === '*' ? '' : ` for ${scope}`}`;
        if (there && there['value'] === input['value'])
          return { output: {}, effects: [`The variable ${name} has this value already`] };
        if (there && !step.isAgain)
          throw failure(
            'CONFLICT',
            `The variable ${name} exists with another value: remove it, or choose another name`,
          );
        const body = {
          key: input['key'],
          value: input['value'],
          variable_type: input['variableType'],
          protected: input['variableProtected'] ?? false,
          masked: input['masked'] ?? false,
          ...(input['maskedAndHidden'] && { masked_and_hidden: true }),
          raw: input['raw'] ?? false,
          environment_scope: scope,
        };
        if (!there) await api.call(at, start, { ...call, method: 'POST', body });
        return { output: {}, effects: [`Set the variable ${name}`] };
      },
    ),

    'gitlab:projectAccessToken:create': act(
      (at, input) => ({
        output: { access_token: '' },
        effects: [
          `Would make an access token for project ${input['projectId']} on ${at} with ${(input['scopes'] ?? ['read_repository']).join(', ')}`,
        ],
      }),
      async ({ at, project }, input, call, step) => {
        const start = `${projectOf(input, project)}/access_tokens`;
        const before = madeId(step);
        // A token is told once only: what an earlier try made is of no use to anybody.
        if (before !== undefined) await api.call(at, `${start}/${before}`, { ...call, method: 'DELETE', allow: [404] });
        const name = textOf(input, 'name') ?? 'Scaffolder';
        const year = new Date(Date.now() + 364 * 24 * 3_600_000).toISOString().slice(0, 10);
        const body = {
          name,
          scopes: input['scopes'] ?? ['read_repository'],
          ...(input['accessLevel'] !== undefined && { access_level: input['accessLevel'] }),
          expires_at: textOf(input, 'expiresAt') ?? year,
        };
        const made = await api.get(at, start, { ...call, method: 'POST', body });
        await step.done({ id: Number(made['id']) });
        return {
          output: { access_token: String(made['token']) },
          effects: [`Made the access token ${name}, until ${body.expires_at}`],
        };
      },
    ),

    'gitlab:projectDeployToken:create': act(
      (at, input) => ({
        output: { deploy_token: '', user: '' },
        effects: [`Would make the deploy token ${input['name']} for project ${input['projectId']} on ${at}`],
      }),
      async ({ at, project }, input, call, step) => {
        const start = `${projectOf(input, project)}/deploy_tokens`;
        const before = madeId(step);
        if (before !== undefined) await api.call(at, `${start}/${before}`, { ...call, method: 'DELETE', allow: [404] });
        const body = {
          name: input['name'],
          scopes: input['scopes'],
          ...(textOf(input, 'username') && { username: textOf(input, 'username') }),
        };
        const made = await api.get(at, start, { ...call, method: 'POST', body });
        await step.done({ id: Number(made['id']) });
        return {
          output: { deploy_token: String(made['token']), user: String(made['username']) },
          effects: [`Made the deploy token ${input['name']}`],
        };
      },
    ),

    'gitlab:issues:create': act(
      (at, input) => ({
        output: { issueUrl: '', issueId: 0, issueIid: 0 },
        effects: [`Would open the issue “${input['title']}” on ${at}`],
      }),
      async ({ at, project }, input, call, step) => {
        const start = `${projectOf(input, project)}/issues`;
        const since = new Date(step.startedAt - 1_000).toISOString();
        const same = step.isAgain
          ? ((await api.get(
              at,
              `${start}?in=title&search=${encoded(input['title'])}&created_after=${since}`,
              call,
            )) as Thing[])
          : [];
        const there = same.find(({ title }) => title === input['title']);
        const body = {
          title: input['title'],
          description: textOf(input, 'description'),
          assignee_ids: input['assignees'],
          confidential: input['confidential'],
          created_at: input['createdAt'],
          due_date: textOf(input, 'dueDate')?.slice(0, 10),
          discussion_to_resolve: input['discussionToResolve'],
          merge_request_to_resolve_discussions_of: input['mergeRequestToResolveDiscussionsOf'],
          epic_id: input['epicId'],
          labels: textOf(input, 'labels'),
          issue_type: input['issueType'],
          milestone_id: input['milestoneId'],
          weight: input['weight'],
        };
        const issue = there ?? (await api.get(at, start, { ...call, method: 'POST', body }));
        return {
          output: { issueUrl: String(issue['web_url']), issueId: Number(issue['id']), issueIid: Number(issue['iid']) },
          effects: [there ? `The issue #${issue['iid']} is there already` : `Opened the issue #${issue['iid']}`],
        };
      },
    ),

    'gitlab:issue:edit': act(
      (at, input) => ({
        output: {
          issueUrl: '',
          projectId: Number(input['projectId']),
          issueId: 0,
          issueIid: Number(input['issueIid']),
          state: '',
          title: textOf(input, 'title') ?? '',
          updatedAt: '',
        },
        effects: [
          `Would change ${wordsOf(changesOf(input))} of the issue #${input['issueIid']} in project ${input['projectId']} on ${at}`,
        ],
      }),
      async ({ at, project }, input, call) => {
        const path = `${projectOf(input, project)}/issues/${encoded(input['issueIid'])}`;
        const issue = await api.get(at, path, { ...call, method: 'PUT', body: changesOf(input) });
        return {
          output: {
            issueUrl: String(issue['web_url']),
            projectId: Number(issue['project_id']),
            issueId: Number(issue['id']),
            issueIid: Number(issue['iid']),
            state: String(issue['state']),
            title: String(issue['title']),
            updatedAt: String(issue['updated_at']),
          },
          effects: [`Changed ${wordsOf(changesOf(input))} of the issue #${issue['iid']}`],
        };
      },
    ),

    'gitlab:pipeline:trigger': act(
      (at, input) => ({
        output: { pipelineUrl: '' },
        effects: [`Would start a pipeline of ${input['branch']} in project ${input['projectId']} on ${at}`],
      }),
      async ({ at, project }, input, call, step) => {
        const start = projectOf(input, project);
        const since = new Date(step.startedAt - 1_000).toISOString();
        const branch = String(input['branch']);
        const same: Thing[] = step.isAgain
          ? await api.all(at, `${start}/pipelines?source=trigger&ref=${encoded(branch)}&updated_after=${since}`, call)
          : [];
        // Older ones may have gone on meanwhile.
        const there = same.find((each) => Date.parse(each['created_at']) >= Date.parse(since));
        if (there)
          return {
            output: { pipelineUrl: String(there['web_url']) },
            effects: [`The pipeline #${there['id']} runs already`],
          };
        const description = String(input['tokenDescription'] ?? 'Scaffolder');
        const trigger = await api.get(at, `${start}/triggers`, { ...call, method: 'POST', body: { description } });
        try {
          const body = { token: trigger['token'], ref: branch, variables: input['variables'] ?? {} };
          const pipeline = await api.get(at, `${start}/trigger/pipeline`, { ...call, method: 'POST', body });
          return {
            output: { pipelineUrl: String(pipeline['web_url']) },
            effects: [`Started the pipeline #${pipeline['id']} of ${branch}`],
          };
        } finally {
          await api.call(at, `${start}/triggers/${trigger['id']}`, { ...call, method: 'DELETE', allow: [404] });
        }
      },
    ),
  };
}
