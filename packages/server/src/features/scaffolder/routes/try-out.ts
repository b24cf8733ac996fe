import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  DryRunBody,
  DryRunResponse,
  PlanBody,
  TemplatePath,
  TemplatePreviewBody,
  TemplatePreviewResponse,
  TemplateSourceResponse,
} from '@callboard/model/http';
import type { Problem } from '@callboard/model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { scaffolderErrors } from '../errors.ts';
import { folderSource, type TemplateSource } from '../files/source.ts';
import { templateFiles } from '../files/template-files.ts';
import { resolveBelow } from '../files/workspace.ts';
import { formOf } from '../formats/backstage/form.ts';
import { adviceFor } from '../formats/backstage/known-actions.ts';
import { toDryRun } from '../formats/backstage/task.ts';
import { parseTemplate } from '../formats/backstage/template.ts';
import { readTemplateFile } from '../formats/backstage/template-file.ts';
import { faultsFor } from '../runs/begin.ts';
import { dryRun } from '../run/dry-run.ts';
import { templateRef, versionOf } from '../templates.ts';
import { toParameterSchema } from './templates.ts';
import { allowedFor, base, goneSignal, type RouteTools, scopeOf, tags, uploadBytes, withErrors } from './tools.ts';

const tryOut = { permission: 'scaffolder.template.dry-run' };
const mostBytes = 10 * 1024 * 1024;
const mostFiles = 2000;
const longestMs = 50_000;
const own = 'template.yaml';

type Upload = { path: string; base64Content: string }[];

/** Puts what was sent into a folder for as long as `work` takes; `main` is the path of the template's file in it. */
async function withFolder<R>(files: Upload, main: string, work: (source: TemplateSource) => Promise<R>): Promise<R> {
  const root = await mkdtemp(join(tmpdir(), 'callboard-upload-'));
  try {
    let total = 0;
    const directory = resolveBelow(root, dirname(main), 'the folder of the template');
    await mkdir(directory, { recursive: true });
    for (const { path, base64Content } of files) {
      const content = Buffer.from(base64Content, 'base64');
      total += content.length;
      if (total > mostBytes) throw scaffolderErrors.uploadInvalid({ path, reason: 'there is more than 10 MB' });
      const target = resolveBelow(root, path, 'the folder of the template');
      if (target === root || existsSync(target))
        throw scaffolderErrors.uploadInvalid({ path, reason: 'its name is taken' });
      await mkdir(dirname(target), { recursive: true }).catch(() => {
        throw scaffolderErrors.uploadInvalid({ path, reason: 'a file has the name of its folder' });
      });
      await writeFile(target, content);
    }
    return await work(folderSource({ directory, root }));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Trying templates out: nothing is made. */
export function registerTryOut(tools: RouteTools): void {
  const { http, runs, templates, access } = tools;

  async function dry(
    request: FastifyRequest,
    reply: { raw: FastifyReply['raw'] },
    asked: Pick<Parameters<typeof dryRun>[0], 'template' | 'source' | 'values' | 'secrets' | 'compare'>,
  ) {
    const principal = access.principalOf(request);
    const made = await dryRun({
      ...asked,
      user: await templates.person(principal.ref),
      environment: { parameters: runs.environment.parameters ?? {} },
      actions: runs.actions,
      services: runs.services(allowedFor(tools, principal)),
      signal: AbortSignal.any([AbortSignal.timeout(longestMs), goneSignal(reply)]),
    });
    return toDryRun(made);
  }

  http.post(
    `${base}/dry-run`,
    {
      config: tryOut,
      bodyLimit: uploadBytes,
      schema: {
        operationId: 'DryRun',
        tags,
        summary: 'What a template that is being written would make',
        description: 'Goes on past what cannot be known and names it. 10 MB of files at most.',
        body: DryRunBody,
        response: { 200: DryRunResponse },
      },
    },
    (request, reply) =>
      withErrors(reply, request, async () => {
        const { template: entity, values, secrets, directoryContents, path = own } = request.body;
        const { template, problems } = parseTemplate(entity);
        const fault = problems.find(({ severity }) => severity === 'error');
        if (!template || fault)
          throw scaffolderErrors.templateInvalid(
            { template: 'The template', fault: fault?.message ?? 'it has no steps' },
            { details: { problems } },
          );
        const result = await withFolder(directoryContents, path, (source) =>
          dry(request, reply, { template, source, values, secrets }),
        );
        return result;
      }) as Promise<DryRunResponse>,
  );
  http.post(
    `${base}/templates/:namespace/:kind/:name/plan`,
    {
      config: { permission: 'scaffolder.task.create' },
      schema: {
        operationId: 'PlanRun',
        tags,
        summary: 'What a run would make and do outside, before it is begun',
        params: TemplatePath,
        body: PlanBody,
        response: { 200: DryRunResponse },
      },
    },
    (request, reply) =>
      withErrors(reply, request, async () => {
        const { values, secrets, compare } = request.body;
        const found = await templates.runnable(templateRef(request.params), scopeOf(tools, request));
        const source = await runs.source(found.location, null, AbortSignal.timeout(longestMs));
        try {
          const made = await dry(request, reply, { template: found.template, source, values, secrets, compare });
          if (made.error?.code === 'SCAFFOLDER_VALUES_INVALID') {
            const { checkValues } = await import('../run/check-values.ts');
            const user = await templates.person(access.principalOf(request).ref);
            const faults = await checkValues(found.template, values, runs.renderers, { secrets: secrets ?? {}, user });
            const errors = faultsFor(faults, values);
            throw scaffolderErrors.valuesInvalid(
              { faults: errors.map(({ stack }) => stack).join(', ') },
              { details: { errors } },
            );
          }
          return made;
        } finally {
          await source.close();
        }
      }) as Promise<DryRunResponse>,
  );
  http.post(
    `${base}/preview`,
    {
      config: { permission: 'scaffolder.template.management' },
      bodyLimit: uploadBytes,
      schema: {
        operationId: 'PreviewTemplate',
        tags,
        summary: 'What is wrong with a template that is being written, and its form',
        body: TemplatePreviewBody,
        response: { 200: TemplatePreviewResponse },
      },
    },
    async (request) => {
      const { text, directoryContents = [], path = own, answers } = request.body;
      const person = await templates.person(access.principalOf(request).ref);
      return withFolder(directoryContents, path, async (source) => {
        const read = async (name: string) => (await source.file(name)).toString('utf8');
        const { documents, problems } = await readTemplateFile(text, path, read);
        const all: Problem[] = [...problems];
        const shown: TemplatePreviewResponse['templates'] = [];
        for (const { entity, locate, problems: unread } of documents) {
          const parsed = parseTemplate(entity, {
            locate,
            adviceFor: (action) => (runs.actions.get(action) ? undefined : adviceFor(action)),
          });
          all.push(...unread, ...parsed.problems);
          const form = parsed.template && (await formOf(parsed.template, runs.renderers, { answers, user: person }));
          shown.push({ template: entity, ...(form && { form: toParameterSchema(form) }) });
        }
        if (shown.length === 0 && all.length === 0)
          all.push({
            code: 'SCAFFOLDER_TEMPLATE_INVALID',
            severity: 'error',
            message: 'There is no template in the text.',
            fix: 'Begin with `apiVersion: scaffolder.backstage.io/v1beta3` and `kind: Template`.',
          });
        return { templates: shown, problems: all };
      });
    },
  );
  http.get(
    `${base}/templates/:namespace/:kind/:name/source`,
    {
      config: { permission: 'scaffolder.template.management' },
      schema: {
        operationId: 'GetTemplateSource',
        tags,
        summary: 'The folder of a template, to begin editing with',
        params: TemplatePath,
        response: { 200: TemplateSourceResponse },
      },
    },
    async (request) => {
      const template = await templates.find(templateRef(request.params), scopeOf(tools, request));
      const { location } = template;
      const source = await runs.source(location, null, AbortSignal.timeout(longestMs));
      try {
        const version = await versionOf(source, template);
        const { files, ...found } = await templateFiles(source, location, { files: mostFiles, bytes: mostBytes });
        return {
          ...found,
          version,
          files: files.map(({ content, ...file }) => ({ ...file, base64Content: content.toString('base64') })),
        };
      } finally {
        await source.close();
      }
    },
  );
}
