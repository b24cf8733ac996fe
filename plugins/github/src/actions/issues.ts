import type { ActionResult } from '@callboard/plugin-api';
import { at, list, numberOf, record, textOf, textsOf } from '../json.ts';
import { doneKey, type Job } from './tools.ts';

export const issuePlan = ({ input, name }: Job): Required<ActionResult> => ({
  output: { issueUrl: `https://${name.split(' on ')[1]}/${name.split(' ')[0]}/issues/0`, issueNumber: 0 },
  effects: [`Opens the issue "${input['title']}" in ${name}`],
});

/** Opens an issue. What an interrupted try has opened is found by its title among the newest. */
export async function openIssue(job: Job): Promise<ActionResult> {
  const { client, target, call, path, input, name, key, store } = job;
  const answer = (issue: Record<string, unknown>, words: string): ActionResult => ({
    output: { issueUrl: textOf(issue['html_url']) ?? '', issueNumber: numberOf(issue['number']) ?? 0 },
    effects: [`${words} the issue ${String(issue['number'])} in ${name}`],
  });
  const isFirst = await store.add(doneKey(key), { at: Date.now() });
  if (!isFirst) {
    const began = numberOf(at(await store.get(doneKey(key)), 'at')) ?? 0;
    const newest = list(
      (await client.call(target, `${path}/issues?state=all&sort=created&direction=desc&per_page=50`, call)).json(),
    );
    const own = newest.find(
      (issue) => issue['title'] === input['title'] && Date.parse(textOf(issue['created_at']) ?? '') >= began - 60_000,
    );
    if (own) return answer(own, 'Found');
  }
  const { title, body, assignees, milestone, labels } = input;
  const made = await client.call(target, `${path}/issues`, {
    ...call,
    what: `open issues in ${name}`,
    method: 'POST',
    body: { title, body, assignees, milestone, labels },
  });
  return answer(record(made.json()), 'Opened');
}

/** Adds labels; those that are there stay. */
export async function labelIssue({ client, target, call, path, input, name }: Job): Promise<ActionResult> {
  const labels = textsOf(input['labels']);
  await client.call(target, `${path}/issues/${Number(input['number'])}/labels`, {
    ...call,
    what: `label issues of ${name}`,
    method: 'POST',
    body: { labels },
  });
  return { output: {}, effects: [`${input['number']} of ${name} has the labels ${labels.join(', ')}`] };
}
