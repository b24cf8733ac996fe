import { isJsonObject, type JsonObject } from '@callboard/model';
import {
  FieldOptionsBody,
  FieldOptionsResponse,
  ListActionsResponse,
  ListTemplatingExtensionsResponse,
  MadeByResponse,
  EntityPath,
  TemplateFormBody,
  TemplateParameterSchema,
  TemplatePath,
  TemplateSummaries,
  type TemplateSummary,
} from '@callboard/model/http';
import { stringifyEntityRef } from '@callboard/model';
import type { FastifyRequest } from 'fastify';
import { scaffolderErrors } from '../errors.ts';
import { type Form, formOf } from '../formats/backstage/form.ts';
import { filterWords, functionWords } from '../language/filters.ts';
import { type FoundTemplate, templateRef } from '../templates.ts';
import type { Usage } from '../store/read.ts';
import { base, type RouteTools, scopeOf, seesAll, tags } from './tools.ts';

const readParameters = { permission: 'scaffolder.template.parameter.read' };
const readSteps = { permission: 'scaffolder.template.step.read' };

/** A form as clients have it. */
export const toParameterSchema = (form: Form): TemplateParameterSchema => ({
  title: form.title,
  ...(form.description !== undefined && { description: form.description }),
  ...(form.uiOptions && { 'ui:options': form.uiOptions }),
  ...(form.presentation && { presentation: form.presentation }),
  steps: form.steps,
  ...(form.secrets && { secrets: form.secrets }),
  formDecorators: form.formDecorators,
});

function summaryOf(found: FoundTemplate, usage: Usage | undefined): TemplateSummary {
  const { entity, template, problems } = found;
  const { metadata } = entity;
  const spec = isJsonObject(entity.spec) ? entity.spec : {};
  const fault = problems.find(({ severity }) => severity === 'error');
  const links = (Array.isArray(metadata.links) ? (metadata.links as JsonObject[]) : []).filter(
    ({ url }) => typeof url === 'string',
  );
  return {
    ref: found.ref,
    name: metadata.name,
    namespace: metadata.namespace ?? 'default',
    title: metadata.title ?? metadata.name,
    ...(metadata.description !== undefined && { description: metadata.description }),
    type: typeof spec.type === 'string' ? spec.type : 'other',
    tags: Array.isArray(metadata.tags) ? metadata.tags : [],
    ...(found.owner !== null && { owner: found.owner }),
    ...(found.ownerLabel !== null && { ownerLabel: found.ownerLabel }),
    ...(typeof spec.lifecycle === 'string' && { lifecycle: spec.lifecycle }),
    links: links as TemplateSummary['links'],
    ...(template?.minutesSaved !== undefined && { minutesSaved: Math.round(template.minutesSaved) }),
    runs: usage?.runs ?? 0,
    completed: usage?.completed ?? 0,
    ...(usage && { lastRunAt: new Date(usage.last_at).toISOString() }),
    ...(fault ? { problem: fault.message } : template ? {} : { problem: 'It has no steps.' }),
  };
}

/** What templates there are, what they ask, and what they can use. */
export function registerTemplates(tools: RouteTools): void {
  const { http, templates, runs, access, options } = tools;
  const find = (request: FastifyRequest<{ Params: TemplateParams }>) =>
    templates.runnable(templateRef(request.params), scopeOf(tools, request));
  const person = (request: FastifyRequest) => templates.person(access.principalOf(request).ref);

  http.get(
    `${base}/templates`,
    {
      config: readParameters,
      schema: {
        operationId: 'ListTemplates',
        tags,
        summary: 'The templates that whoever asks may see, with how often they were used',
        response: { 200: TemplateSummaries },
      },
    },
    async (request) => {
      const [found, usage] = await Promise.all([templates.all(scopeOf(tools, request)), runs.reader.usage()]);
      const all = found.map((each) => summaryOf(each, usage.get(each.ref)));
      // What an owner is called stands in their own entity.
      const seen = await access.seenAmong(
        request,
        all.flatMap(({ owner }) => owner ?? []),
      );
      const items = all.map(({ ownerLabel, ...item }) => ({
        ...item,
        ...(ownerLabel !== undefined && item.owner !== undefined && seen.has(item.owner) && { ownerLabel }),
      }));
      return { items: items.sort((one, other) => (one.title.toLowerCase() < other.title.toLowerCase() ? -1 : 1)) };
    },
  );
  http.get(
    `${base}/templates/:namespace/:kind/:name/parameter-schema`,
    {
      config: readParameters,
      schema: {
        operationId: 'GetTemplateParameterSchema',
        tags,
        summary: 'What a template asks, page by page',
        params: TemplatePath,
        response: { 200: TemplateParameterSchema },
      },
    },
    async (request) => {
      const { template } = await find(request);
      // Whoever opens the form has files rendered soon.
      runs.renderers.ready();
      return toParameterSchema(await formOf(template, runs.renderers, { user: await person(request) }));
    },
  );
  http.post(
    `${base}/templates/:namespace/:kind/:name/form`,
    {
      config: readParameters,
      schema: {
        operationId: 'GetTemplateForm',
        tags,
        summary: 'What a template asks after some answers: pages and fields that depend on them',
        params: TemplatePath,
        body: TemplateFormBody,
        response: { 200: TemplateParameterSchema },
      },
    },
    async (request) => {
      const { template } = await find(request);
      const { answers, flags } = request.body;
      return toParameterSchema(await formOf(template, runs.renderers, { answers, flags, user: await person(request) }));
    },
  );
  http.post(
    `${base}/templates/:namespace/:kind/:name/options`,
    {
      config: readParameters,
      schema: {
        operationId: 'GetFieldOptions',
        tags,
        summary: 'What a field offers that takes its options from the catalog or from an address',
        params: TemplatePath,
        body: FieldOptionsBody,
        response: { 200: FieldOptionsResponse },
      },
    },
    async (request) => {
      const { template } = await find(request);
      const scope = scopeOf(tools, request);
      return options.of(template, request.body, { ...(scope && { scope }), user: await person(request) });
    },
  );
  http.get(
    `${base}/actions`,
    {
      config: readSteps,
      schema: {
        operationId: 'ListActions',
        tags,
        summary: 'What steps can do',
        response: { 200: ListActionsResponse },
      },
    },
    async () =>
      runs.actions.all().map(({ id, description, examples, schema, supportsDryRun }) => ({
        id,
        description,
        examples: examples ?? [],
        schema,
        supportsDryRun,
      })),
  );
  http.get(
    `${base}/templating-extensions`,
    {
      config: readSteps,
      schema: {
        operationId: 'ListTemplatingExtensions',
        tags,
        summary: 'Filters and functions of the template language that are added to it',
        response: { 200: ListTemplatingExtensionsResponse },
      },
    },
    async () => {
      const plain = (all: typeof filterWords) =>
        Object.fromEntries(
          Object.entries(all).map(([name, { description, examples }]) => [name, { description, examples }]),
        );
      return { filters: plain(filterWords), globals: { functions: plain(functionWords), values: {} } };
    },
  );
  http.get(
    `${base}/made/:namespace/:kind/:name`,
    {
      config: { permission: 'scaffolder.task.read' },
      schema: {
        operationId: 'GetRunOfEntity',
        tags,
        summary: 'The run that made an entity',
        params: EntityPath,
        response: { 200: MadeByResponse },
      },
    },
    async (request) => {
      const ref = stringifyEntityRef(request.params);
      const principal = access.principalOf(request);
      const run = await runs.reader.madeBy(ref);
      if (!run || (run.created_by !== principal.ref && !seesAll(tools, principal)))
        throw scaffolderErrors.notMade({ ref });
      return {
        taskId: run.id,
        templateRef: run.template_ref,
        ...(run.version !== null && { templateVersion: run.version }),
        createdAt: new Date(Number(run.created_at)).toISOString(),
        createdBy: run.created_by,
      };
    },
  );
}

type TemplateParams = { namespace: string; kind: string; name: string };
