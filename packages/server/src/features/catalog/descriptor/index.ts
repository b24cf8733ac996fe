import { parseLocationRef, type Problem } from '@callboard/model';
import { type DescriptorResponse, largestDescriptor } from '@callboard/model/http';
import type { CatalogContext } from '../context.ts';
import { locationErrors } from '../errors.ts';
import { annotationNames, placeAnnotations } from '../formats/backstage/annotations.ts';
import type { PrepareWorkers } from '../formats/backstage/prepare-workers.ts';
import type { Refresher } from '../refresher.ts';
import type { DescriptorFile } from '../store/descriptors.ts';
import type { CatalogTables, ProblemRow } from '../store/tables.ts';
import { compareWithCatalog, prepareText } from './check.ts';
import { descriptorErrors } from './errors.ts';
import { hashOf, writeJailed } from './file.ts';
import { encodeLike, openDescriptor } from './open.ts';
import { savedEvent } from './saved.ts';
import type { Descriptors } from './types.ts';

const linesAround = 3;
const longestLine = 400;
const time = (at: number) => new Date(at).toISOString();

const isError = (problem: Problem) => problem.severity === 'error';

/** Makes what the routes may do with descriptor files. */
export function createDescriptors(tools: {
  context: CatalogContext;
  workers: PrepareWorkers;
  refresher: Refresher;
}): Descriptors {
  const { context, refresher } = tools;

  async function read(file: DescriptorFile): Promise<DescriptorResponse> {
    const { document, source } = file;
    const opened = await openDescriptor(context, file);
    const prepared = await prepareText(tools, file, opened.text);
    const { [annotationNames.viewUrl]: viewUrl, [annotationNames.editUrl]: editUrl } = placeAnnotations(
      parseLocationRef(document.location),
      `${source.type}:${source.target}`,
      [],
    ).defaults;
    return {
      document: document.id,
      location: document.location,
      sourceId: source.id,
      sourceType: source.type,
      sourceState: source.state,
      text: opened.text,
      hash: opened.hash,
      lineEnding: opened.lineEnding,
      writable: opened.file !== undefined,
      ...(opened.reason !== undefined && { reason: opened.reason }),
      ...(viewUrl !== undefined && { viewUrl }),
      ...(editUrl !== undefined && { editUrl }),
      ...(source.type === 'git' && source.version !== null && { version: source.version }),
      readAt: time(document.read_at),
      ...(source.last_success_at !== null && { seenAt: time(source.last_success_at) }),
      documents: prepared.outline ?? [],
      problems: prepared.problems,
    };
  }

  /** A problem that is known by its entity only, such as a missing end of a relation, stands where its field does. */
  async function placeOf(file: DescriptorFile, text: string, problem: ProblemRow) {
    const { path, entity_ref: ref, line, column } = problem;
    if (column !== null || path === null || ref === null) return { line: line ?? 1, column: column ?? undefined };
    const { outline = [] } = await prepareText(tools, file, text);
    const found = outline.find(({ entityRef }) => entityRef === ref)?.values.find((value) => value.path === path);
    return found ?? { line: line ?? 1, column: undefined };
  }

  const check = async (file: DescriptorFile, text: string) =>
    compareWithCatalog(context, file, await prepareText(tools, file, text));

  return {
    read,
    check,
    async save(file, { text, hash, withErrors }, actor) {
      if (context.config.readonly) throw locationErrors.readonly();
      const { location } = file.document;
      const opened = await openDescriptor(context, file);
      if (!opened.file)
        throw descriptorErrors.descriptorNotWritable({ location, reason: opened.reason ?? 'it is no file of ours' });
      if (opened.hash !== hash) throw descriptorErrors.descriptorChanged({ location });
      const found = await check(file, text);
      const errors = found.problems.filter(isError);
      if (errors.length > 0 && !withErrors)
        throw descriptorErrors.descriptorFaulty({
          count: errors.length === 1 ? '1 error' : `${errors.length} errors`,
          first: `line ${errors[0]!.line ?? 1}: ${errors[0]!.message}`,
        });
      const bytes = encodeLike(text, opened);
      const saved = hashOf(bytes);
      const earlier = context.savers.get(location);
      context.savers.set(location, { actor, hash: saved });
      try {
        await writeJailed(opened.file, bytes, hash, largestDescriptor);
      } catch (error) {
        if (earlier) context.savers.set(location, earlier);
        else context.savers.delete(location);
        throw error;
      }
      await context.db.transaction<CatalogTables, void>((tx) =>
        context.events.append(tx, [savedEvent({ location, actor, hash: saved, before: hash })]),
      );
      await refresher.request(file.source.id, [opened.file.path]);
      return { hash: saved, check: found };
    },
    async excerpt(file, problem) {
      if (problem.line === null) return undefined;
      const { text } = await openDescriptor(context, file);
      const { line, column } = await placeOf(file, text, problem);
      const all = text.split('\n');
      if (line > all.length) return undefined;
      const first = Math.max(1, line - linesAround);
      const lines = all.slice(first - 1, line + linesAround).map((each) => each.slice(0, longestLine));
      return {
        location: file.document.location,
        firstLine: first,
        lines,
        line,
        ...(column !== undefined && { column }),
      };
    },
  };
}
