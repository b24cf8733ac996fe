import type { ActionResult } from '@callboard/plugin-api';
import { escapePart } from '../address.ts';
import { at, list, record, textOf } from '../json.ts';
import { putSecrets } from './secret.ts';
import { doneKey, isStatus, type Job } from './tools.ts';

/** Starts a workflow; a step that has started one starts no second. */
export async function dispatchWorkflow(job: Job): Promise<ActionResult> {
  const { client, target, call, path, input, name, key, store } = job;
  const workflow = escapePart(input['workflowId']);
  const started = record(await store.get(doneKey(key)));
  const wants = input['returnWorkflowRunDetails'] === true;
  if (started['at'] !== undefined)
    return {
      output: record(started['output']) as never,
      effects: [`The workflow ${input['workflowId']} of ${name} was started by an earlier try`],
    };
  const answer = await client.call(target, `${path}/actions/workflows/${workflow}/dispatches`, {
    ...call,
    what: `start workflows of ${name}`,
    method: 'POST',
    body: {
      ref: input['branchOrTagName'],
      inputs: input['workflowInputs'],
      ...(wants && { return_run_details: true }),
    },
  });
  const details = wants && answer.status === 200 ? record(answer.json()) : {};
  const output = {
    ...(details['workflow_run_id'] !== undefined && { workflowRunId: Number(details['workflow_run_id']) }),
    ...(textOf(details['run_url']) && { workflowRunUrl: textOf(details['run_url'])! }),
    ...(textOf(details['html_url']) && { workflowRunHtmlUrl: textOf(details['html_url'])! }),
  };
  await store.set(doneKey(key), { at: Date.now(), output });
  return {
    output,
    effects: [`The workflow ${input['workflowId']} of ${name} was started on ${input['branchOrTagName']}`],
  };
}

/** Makes a webhook, or brings the one with the same address in line. */
export async function makeWebhook({ client, target, call, path, input, name }: Job): Promise<ActionResult> {
  const url = textOf(input['webhookUrl']) ?? '';
  const what = `make webhooks of ${name}`;
  const body = {
    active: input['active'] ?? true,
    events: input['events'] ?? ['push'],
    config: {
      url,
      content_type: input['contentType'] ?? 'form',
      insecure_ssl: input['insecureSsl'] === true ? '1' : '0',
      ...(textOf(input['webhookSecret']) && { secret: input['webhookSecret'] }),
    },
  };
  const own = (await client.all(target, `${path}/hooks`, { ...call, what })).find(
    (each) => at(each, 'config', 'url') === url,
  );
  if (own) await client.call(target, `${path}/hooks/${String(own['id'])}`, { ...call, what, method: 'PATCH', body });
  else await client.call(target, `${path}/hooks`, { ...call, what, method: 'POST', body: { name: 'web', ...body } });
  return {
    output: {},
    effects: [`${name} ${own ? 'had' : 'has'} a webhook to ${new URL(url).host}${own ? ', which is in line now' : ''}`],
  };
}

/** Makes an autolink; the same one is found. */
export async function makeAutolink({ client, target, call, path, input, name }: Job): Promise<ActionResult> {
  const prefix = textOf(input['keyPrefix']) ?? '';
  const what = `make autolinks of ${name}`;
  const body = {
    key_prefix: prefix,
    url_template: input['urlTemplate'],
    is_alphanumeric: input['isAlphanumeric'] ?? true,
  };
  const own = list((await client.call(target, `${path}/autolinks`, { ...call, what })).json()).find(
    (each) => each['key_prefix'] === prefix,
  );
  if (own && own['url_template'] === body.url_template)
    return { output: {}, effects: [`${name} has the autolink ${prefix} already`] };
  // Autolinks cannot be changed.
  if (own) await client.call(target, `${path}/autolinks/${String(own['id'])}`, { ...call, what, method: 'DELETE' });
  await client.call(target, `${path}/autolinks`, { ...call, what, method: 'POST', body });
  return { output: {}, effects: [`${name} has the autolink ${prefix}`] };
}

export const keySecretName = (input: Record<string, any>): string =>
  textOf(input['privateKeySecretName']) ??
  `${String(input['deployKeyName']).split(' ').join('_').toUpperCase()}_PRIVATE_KEY`;

/** Makes a deploy key and stores its private half as a secret. */
export async function makeDeployKey(job: Job): Promise<ActionResult> {
  const { client, target, call, path, input, name } = job;
  const what = `make deploy keys of ${name}`;
  const [type, half] = String(input['publicKey']).trim().split(/\s+/);
  const own = (await client.all(target, `${path}/keys`, { ...call, what })).some((each) =>
    textOf(each['key'])?.startsWith(`${type} ${half}`),
  );
  if (!own)
    await client.call(target, `${path}/keys`, {
      ...call,
      what,
      method: 'POST',
      body: { title: input['deployKeyName'], key: input['publicKey'] },
    });
  const secret = keySecretName(input);
  await putSecrets(job, `${path}/actions/secrets`, { [secret]: String(input['privateKey']) });
  return {
    output: { privateKeySecretName: secret },
    effects: [
      `${name} ${own ? 'had' : 'has'} the deploy key ${input['deployKeyName']}; its private half is the secret ${secret}`,
    ],
  };
}

/** Switches the pages of a repository on. */
export async function enablePages({ client, target, call, path, input, name }: Job): Promise<ActionResult> {
  const body = {
    build_type: input['buildType'] ?? 'workflow',
    source: { branch: input['sourceBranch'] ?? 'main', path: input['sourcePath'] ?? '/' },
  };
  const how = { ...call, what: `switch on the pages of ${name}`, body };
  try {
    await client.call(target, `${path}/pages`, { ...how, method: 'POST' });
  } catch (error) {
    if (!isStatus(error, 409)) throw error;
    await client.call(target, `${path}/pages`, { ...how, method: 'PUT' });
  }
  return { output: {}, effects: [`The pages of ${name} are on`] };
}
