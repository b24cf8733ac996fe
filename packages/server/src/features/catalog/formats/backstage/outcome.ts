import {
  type Fault,
  isJsonObject,
  type JsonObject,
  type LocationRef,
  parseLocationRef,
  type Problem,
  type Reference,
} from '@callboard/model';
import { AppError } from '../../../../core/errors/index.ts';
import type { KindRegistry } from '../../kinds.ts';
import { annotate, placeAnnotations, type PlaceAnnotations } from './annotations.ts';
import { checkDocument, complete, identityFaults, type PreparedEntity, refOf, toPreparedEntity } from './entity.ts';
import { readText } from './file-text.ts';
import { type LocationTarget, locationTargets } from './location-targets.ts';
import { type Contents, mayHavePlaceholders, substitute } from './placeholders.ts';
import { namedOwner, ownerInText, withOwner } from './named-owner.ts';
import { createLocator, type Locator } from './positions.ts';
import { type CatalogRule, isAllowed } from './rules.ts';
import { compileSettings, defaultLimits, type PrepareInput, type PrepareLimits } from './settings.ts';
import { isUnrenderedDocument, isUnrenderedText } from './skeleton.ts';
import { readYaml, type YamlDocument, type YamlFault } from './yaml.ts';

/** What became of one document of a descriptor file. An empty document has neither entity nor problems. */
export type DocumentOutcome = {
  /** first line */
  line: number;
  entity?: PreparedEntity;
  /** of the entity, errors and warnings, or why there is none */
  problems: Problem[];
  /** what an entity of kind Location points at */
  targets: LocationTarget[];
  /** where an entity refers to others */
  references: Reference[];
  /** part of a template's skeleton */
  skipped: boolean;
  /** finds the place of a JSON pointer */
  locate: Locator;
};

/** What became of a descriptor file. */
export type FileOutcome = {
  documents: DocumentOutcome[];
  /** of the file as a whole */
  problems: Problem[];
  dependencies: string[];
  contents: Contents;
};

type Work = {
  input: PrepareInput;
  kinds: KindRegistry;
  limits: PrepareLimits;
  base: LocationRef;
  origin: LocationRef;
  place: PlaceAnnotations;
  rules: CatalogRule[] | undefined;
  text: string;
};

type Position = { line: number; column: number };

const problemOf = (work: Work, fault: Fault | YamlFault, position: Position, entityRef?: string): Problem => ({
  code: fault.code,
  severity: ('severity' in fault && fault.severity) || 'error',
  message: fault.message,
  fix: fault.fix,
  location: work.input.location,
  line: position.line,
  column: position.column,
  ...('path' in fault ? { path: fault.path } : {}),
  ...(fault.expected === undefined ? {} : { expected: fault.expected }),
  ...(fault.found === undefined ? {} : { found: fault.found }),
  ...(entityRef === undefined ? {} : { entityRef }),
});

const notAllowed = (work: Work, kind: string): Fault => ({
  code: 'CATALOG_DESCRIPTOR_NOT_ALLOWED',
  message: `Entities of kind ${kind} are not allowed from ${work.input.originLocation}.`,
  path: '/kind',
  found: kind,
  fix: 'Add the kind to catalog.rules, or to the rules of this location under catalog.locations.',
});

const notAMap = (value: unknown): Fault => ({
  code: 'CATALOG_YAML_NOT_A_MAP',
  message: `The document is ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}, not a map of fields.`,
  path: '',
  expected: 'a map with apiVersion, kind, metadata and spec',
  found: JSON.stringify(value).slice(0, 100),
  fix: 'Begin the document with apiVersion, kind, metadata and spec.',
});

type Substituted = { raw: JsonObject; value: JsonObject; faults: Fault[] };

// A placeholder that failed is reported once, not again as the map that was left in its place.
const isReported = (path: string, earlier: Fault[]) =>
  earlier.some((fault) => fault.path === path || fault.path.startsWith(`${path}/$`));

const isError = (fault: Fault) => fault.severity === undefined || fault.severity === 'error';

function finishDocument(
  work: Work,
  document: YamlDocument,
  outcome: DocumentOutcome,
  { raw, value, faults: earlier }: Substituted,
): void {
  const { input, kinds } = work;
  const entity = complete(annotate(value, work.place));
  const { faults: found, relations, references } = checkDocument(entity, kinds);
  const faults = [...earlier, ...found.filter((fault) => !isReported(fault.path, earlier))];
  const ref = refOf(raw);
  if (input.settings.skipSkeletons !== false) {
    const slice = work.text.slice(document.start, document.end);
    outcome.skipped = isUnrenderedDocument(raw, slice, faults, kinds.relationRules(entity as never));
    if (outcome.skipped) return;
  }
  if (!faults.some(isError) && !isAllowed(entity as never, work.rules, work.origin))
    faults.push(notAllowed(work, entity.kind as string));
  outcome.problems = faults.map((fault) => problemOf(work, fault, outcome.locate(fault.path), ref));
  if (faults.some(isError)) {
    outcome.problems = withOwner(outcome.problems, namedOwner(raw));
    return;
  }
  outcome.entity = toPreparedEntity(entity, relations, kinds, document.line);
  outcome.references = references;
  if (entity.kind !== 'Location') return;
  const { hosts = [] } = input.settings;
  outcome.targets = locationTargets(entity, {
    base: work.base,
    hosts,
    entityRef: outcome.entity.ref,
    locate: outcome.locate,
  });
}

function finish(work: Work, document: YamlDocument, substituted: Substituted | undefined): DocumentOutcome {
  const outcome: DocumentOutcome = {
    line: document.line,
    problems: [],
    targets: [],
    references: [],
    skipped: false,
    locate: createLocator(work.text, document),
  };
  if (document.faults.length > 0) {
    const slice = work.text.slice(document.start, document.end);
    outcome.skipped =
      work.input.settings.skipSkeletons !== false && isUnrenderedText(slice, document.faults, document.line);
    if (!outcome.skipped)
      outcome.problems = withOwner(
        document.faults.map((fault) => problemOf(work, fault, fault)),
        ownerInText(slice),
      );
  } else if (substituted) finishDocument(work, document, outcome, substituted);
  else if (document.value !== null && document.value !== undefined)
    outcome.problems = [problemOf(work, notAMap(document.value), { line: document.line, column: 1 })];
  return outcome;
}

const reasonOf = (error: unknown): { problem: string; fix?: string } =>
  error instanceof AppError
    ? { problem: error.message, fix: error.fix }
    : { problem: `it could not be read: ${(error as Error).message}` };

type AllSubstituted = { byDocument: Map<YamlDocument, Substituted>; contents: Contents; dependencies: string[] };

/** Replaces the placeholders of all documents, reading in rounds until nothing more is needed. */
async function substituteAll(work: Work, documents: YamlDocument[]): Promise<AllSubstituted> {
  const contents: Contents = new Map();
  const maps = documents.flatMap((document) =>
    isJsonObject(document.value) ? [{ document, raw: document.value }] : [],
  );
  if (!mayHavePlaceholders(work.text))
    return {
      byDocument: new Map(maps.map(({ document, raw }) => [document, { raw, value: raw, faults: [] }])),
      contents,
      dependencies: [],
    };
  for (;;) {
    const needs = new Set<string>();
    const dependencies = new Set<string>();
    const context = {
      base: work.base,
      hosts: work.input.settings.hosts ?? [],
      contents,
      needs,
      dependencies,
      limits: work.limits,
    };
    const byDocument = new Map(
      maps.map(({ document, raw }): [YamlDocument, Substituted] => {
        const { document: value, faults } = substitute(raw, context);
        return [document, { raw, value, faults: [...identityFaults(raw), ...faults] }];
      }),
    );
    if (needs.size === 0) return { byDocument, contents, dependencies: [...dependencies].sort() };
    await Promise.all(
      [...needs].map(async (target) => {
        try {
          contents.set(target, { bytes: await work.input.read(target) });
        } catch (error) {
          contents.set(target, reasonOf(error));
        }
      }),
    );
  }
}

/**
 * Works out what each document of a descriptor file says: reads the YAML, replaces placeholders, adds what the catalog adds, checks
 * everything, and derives relations and search terms. Touches no database.
 *
 * @throws AppError when the settings have mistakes, RefError when a location ref cannot be read
 */
export async function describeDocuments(input: PrepareInput): Promise<FileOutcome> {
  const { kinds } = compileSettings(input.settings);
  const limits = { ...defaultLimits, ...input.settings.limits };
  const { text, problems } = readText(input, limits);
  if (text === undefined) return { documents: [], problems, dependencies: [], contents: new Map() };
  const base = parseLocationRef(input.location);
  const work: Work = {
    input,
    kinds,
    limits,
    base,
    origin: parseLocationRef(input.originLocation),
    place: placeAnnotations(base, input.originLocation, input.settings.hosts ?? []),
    rules:
      input.rules === 'any' ? undefined : input.settings.rules && [...input.settings.rules, ...(input.rules ?? [])],
    text,
  };
  const { documents, faults } = readYaml(text, limits);
  const { byDocument, contents, dependencies } = await substituteAll(work, documents);
  return {
    documents: documents.map((document) => finish(work, document, byDocument.get(document))),
    problems: [...problems, ...faults.map((fault) => problemOf(work, fault, fault))],
    dependencies,
    contents,
  };
}
