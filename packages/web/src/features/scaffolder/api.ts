import type { JsonObject } from '@callboard/model';
import type {
  AutocompleteResponse,
  CodeHostList,
  CompleteCodeHostBody,
  CompleteCodeHostResponse,
  DryRunResponse,
  FieldOptionsResponse,
  ListActionsResponse,
  ListTasksResponse,
  ListTemplatingExtensionsResponse,
  MadeByResponse,
  SerializedTask,
  TaskCreated,
  TaskFiles,
  TemplateParameterSchema,
  TemplatePreviewResponse,
  TemplateSourceResponse,
  TemplateSummaries,
} from '@callboard/model/http';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { request } from '../../core/api/index.ts';

const base = '/api/scaffolder/v2';
/** Changes of runs and of the catalog make these old: the change feed names them by their first word. */
const key = (...rest: unknown[]) => ['scaffolder', ...rest];

/** Which template: the words of its address. */
export type TemplateKey = { namespace: string; name: string };

export const templateRef = ({ namespace, name }: TemplateKey): string => `template:${namespace}/${name}`;

const ofTemplate = ({ namespace, name }: TemplateKey, what: string) =>
  `${base}/templates/${encodeURIComponent(namespace)}/template/${encodeURIComponent(name)}/${what}`;
const ofTask = (id: string, what = '') => `${base}/tasks/${encodeURIComponent(id)}${what}`;

/** All templates. Its key begins with the catalog's word: templates come and go there. */
export const templatesQuery = queryOptions({
  queryKey: ['catalog', 'templates'],
  queryFn: async ({ signal }) => (await request<TemplateSummaries>(`${base}/templates`, { signal })).items,
});

/** The form of a template, computed from what was answered so far. */
export const formQuery = (template: TemplateKey, answers: JsonObject) =>
  queryOptions({
    queryKey: key('form', templateRef(template), answers),
    queryFn: ({ signal }) =>
      request<TemplateParameterSchema>(ofTemplate(template, 'form'), { method: 'POST', body: { answers }, signal }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });

/** What a field offers that takes its options from elsewhere. */
export const optionsQuery = (template: TemplateKey, field: string, answers: JsonObject, search: string) =>
  queryOptions({
    queryKey: key('options', templateRef(template), field, answers, search),
    queryFn: ({ signal }) =>
      request<FieldOptionsResponse>(ofTemplate(template, 'options'), {
        method: 'POST',
        body: { field, answers, ...(search !== '' && { search }) },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export type Values = JsonObject;
export type Secrets = Record<string, string>;

const withSecrets = (secrets: Secrets) => (Object.keys(secrets).length > 0 ? { secrets } : {});

/** What a run with these values would do; `compare` reads the repositories that it would change, too. */
export const planRun = (
  template: TemplateKey,
  values: Values,
  secrets: Secrets,
  options: { compare: boolean; signal: AbortSignal },
) =>
  request<DryRunResponse>(ofTemplate(template, 'plan'), {
    method: 'POST',
    body: { values, ...withSecrets(secrets), compare: options.compare },
    signal: options.signal,
  });

/** Begins a run. */
export const startRun = (template: TemplateKey, values: Values, secrets: Secrets) =>
  request<TaskCreated>(`${base}/tasks`, {
    method: 'POST',
    body: { templateRef: templateRef(template), values, ...withSecrets(secrets) },
  });

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: key('task', id),
    queryFn: ({ signal }) => request<SerializedTask>(ofTask(id), { signal }),
  });

/** What the list of runs is narrowed to. */
export type TasksAsked = { createdBy?: string; status?: string[]; template?: string; limit: number; offset: number };

export const tasksQuery = ({ createdBy, status = [], template, limit, offset }: TasksAsked) => {
  const parameters = new URLSearchParams({ limit: String(limit), offset: String(offset) });
  if (createdBy) parameters.append('createdBy', createdBy);
  if (template) parameters.append('template', template);
  for (const each of status) parameters.append('status', each);
  return queryOptions({
    queryKey: key('tasks', parameters.toString()),
    queryFn: ({ signal }) => request<ListTasksResponse>(`${base}/tasks?${parameters.toString()}`, { signal }),
    placeholderData: keepPreviousData,
  });
};

export const taskFilesQuery = (id: string) =>
  queryOptions({
    queryKey: key('files', id),
    queryFn: ({ signal }) => request<TaskFiles>(ofTask(id, '/files'), { signal }),
  });

/** The log of a run as the server sends it, from after one event on. */
export const eventStream = (id: string, after: string): string => ofTask(id, `/eventstream?after=${after}`);
/** What a run has said after one event; waits for something while it runs. */
export const eventList = (id: string, after: string): string => ofTask(id, `/events?after=${after}`);
/** The workspace of a run, as one file. */
export const workspaceAddress = (id: string): string => ofTask(id, '/workspace');

export const cancelRun = (id: string) => request<unknown>(ofTask(id, '/cancel'), { method: 'POST' });
export const retryRun = (id: string, secrets: Secrets) =>
  request<TaskCreated>(ofTask(id, '/retry'), { method: 'POST', body: withSecrets(secrets) });
export const rollBackRun = (id: string, secrets: Secrets) =>
  request<unknown>(ofTask(id, '/rollback'), { method: 'POST', body: withSecrets(secrets) });

/** All actions that steps can use. */
export const actionsQuery = queryOptions({
  queryKey: key('actions'),
  queryFn: ({ signal }) => request<ListActionsResponse>(`${base}/actions`, { signal }),
  staleTime: 300_000,
});

/** Names that a field of a repository completes: the portal's own repositories and their owners, the branches of any remote. */
export const completionsQuery = (resource: 'repositories' | 'owners' | 'branches', repository = '') =>
  queryOptions({
    queryKey: key('completions', resource, repository),
    queryFn: ({ signal }) =>
      request<AutocompleteResponse>(`${base}/autocomplete/git/${resource}`, {
        method: 'POST',
        body: { token: '', context: repository === '' ? {} : { repository } },
        signal,
      }),
    staleTime: 60_000,
    retry: false,
  });

/** Hosts of code that plugins serve. */
export const codeHostsQuery = queryOptions({
  queryKey: key('code-hosts'),
  queryFn: ({ signal }) => request<CodeHostList>('/api/plugins/code-hosts', { signal }),
  staleTime: 300_000,
  retry: false,
});

/** What somebody may mean on a host of code: its owners, what an owner has, the branches of a repository. */
export const hostNamesQuery = (asked: CompleteCodeHostBody) =>
  queryOptions({
    queryKey: key('host-names', asked.host, asked.what, asked.owner ?? '', asked.repository ?? '', asked.search ?? ''),
    queryFn: ({ signal }) =>
      request<CompleteCodeHostResponse>('/api/plugins/code-hosts/complete', { method: 'POST', body: asked, signal }),
    staleTime: 60_000,
    retry: false,
  });

/** Filters, functions and values of the template language. */
export const extensionsQuery = queryOptions({
  queryKey: key('extensions'),
  queryFn: ({ signal }) => request<ListTemplatingExtensionsResponse>(`${base}/templating-extensions`, { signal }),
  staleTime: 300_000,
});

/** The folder of a template. */
export const sourceQuery = (template: TemplateKey) =>
  queryOptions({
    queryKey: key('source', templateRef(template)),
    queryFn: ({ signal }) => request<TemplateSourceResponse>(ofTemplate(template, 'source'), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export type UploadedFile = { path: string; base64Content: string };

/** Faults and form of a template that is being written; `path` is that of its file among the files. */
export const previewQuery = (text: string, path: string, files: UploadedFile[], answers: JsonObject) =>
  queryOptions({
    queryKey: key('preview', text, path, files, answers),
    queryFn: ({ signal }) =>
      request<TemplatePreviewResponse>(`${base}/preview`, {
        method: 'POST',
        body: { text, path, directoryContents: files, answers },
        signal,
      }),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 30_000,
  });

/** Runs a template dry that is being written; `path` is that of its file among the files. */
export const dryRun = (template: JsonObject, path: string, values: Values, secrets: Secrets, files: UploadedFile[]) =>
  request<DryRunResponse>(`${base}/dry-run`, {
    method: 'POST',
    body: { template, path, values, ...withSecrets(secrets), directoryContents: files },
  });

/** The run that made an entity. */
export const madeByQuery = (ref: { namespace: string; kind: string; name: string }) =>
  queryOptions({
    queryKey: key('made', ref),
    queryFn: ({ signal }) =>
      request<MadeByResponse>(`${base}/made/${[ref.namespace, ref.kind, ref.name].map(encodeURIComponent).join('/')}`, {
        signal,
      }),
    retry: false,
    staleTime: 60_000,
  });
