import { hash as digest } from 'node:crypto';
import {
  type Fault,
  isJsonObject,
  type JsonObject,
  type LocationRef,
  parseLocationRef,
  type Problem,
} from '@callboard/model';
import { AppError } from '../../../../core/errors/index.ts';
import { createKinds, type KindInput, type KindRegistry } from '../../kinds.ts';
import { annotate, placeAnnotations, type PlaceAnnotations } from './annotations.ts';
import { decodeText } from './decode.ts';
import {
  checkDocument,
  complete,
  identityFaults,
  type PreparedEntity,
  type PreparedRelation,
  refOf,
  toPreparedEntity,
} from './entity.ts';
import type { CodeHost } from './hosts.ts';
import { type LocationTarget, locationTargets } from './location-targets.ts';
import { type Contents, mayHavePlaceholders, substitute } from './placeholders.ts';
import { createLocator } from './positions.ts';
import { type CatalogRule, isAllowed } from './rules.ts';
import { isUnrenderedDocument, isUnrenderedText } from './skeleton.ts';
import { readYaml, type YamlDocument, type YamlFault } from './yaml.ts';

export type { CatalogRule, CodeHost, LocationTarget, PreparedEntity, PreparedRelation };

/** What may be read at most. */
export type PrepareLimits = { fileSize: number; depth: number; documents: number; placeholders: number };

/** Everything that decides, beside the text, what becomes of a descriptor. Plain data. */
export type PrepareSettings = {
  /** kinds of the configuration, beside the built-in ones */
  kinds?: KindInput[];
  /** `catalog.rules` and the rules of configured locations; undefined lets every kind in */
  rules?: CatalogRule[];
  /** code hosts of the configuration, beside the public ones */
  hosts?: CodeHost[];
  limits?: Partial<PrepareLimits>;
  /** false reports the faults of unrendered skeletons instead of skipping them */
  skipSkeletons?: boolean;
};

/** One descriptor file to be prepared. */
export type PrepareInput = {
  /** `file:/path`, `url:https://…`, `git:…` */
  location: string;
  /** the location that was configured or registered, which led here */
  originLocation: string;
  text: string | Uint8Array;
  settings: PrepareSettings;
  /** rules of this source, in addition to those of the settings */
  rules?: CatalogRule[];
  /** reads the target of a placeholder; rejects when it is missing or not allowed */
  read(target: string): Promise<Uint8Array>;
};

/** What a descriptor file says, ready to be compared with the catalog. */
export type PreparedDocument = {
  location: string;
  /** changes with the text, with what it depends on and with the settings */
  hash: string;
  entities: PreparedEntity[];
  problems: Problem[];
  targets: LocationTarget[];
  /** what placeholders were read from */
  dependencies: string[];
  /** documents that were passed over because they are part of a template */
  skipped?: { reason: string };
};

export const defaultLimits: PrepareLimits = {
  fileSize: 10 * 1024 * 1024,
  depth: 200,
  documents: 50_000,
  placeholders: 5_000,
};

// Raise when the same text and settings give another result than before.
const edition = 1;

const compiled = new WeakMap<PrepareSettings, { kinds: KindRegistry; version: string }>();

const compileSettings = (settings: PrepareSettings) => {
  let found = compiled.get(settings);
  if (!found) {
    found = {
      kinds: createKinds(settings.kinds),
      version: digest('sha256', JSON.stringify([edition, settings]), 'hex'),
    };
    compiled.set(settings, found);
  }
  return found;
};

/** The hash of a document from its parts; `contents` gives what each dependency holds, or undefined when it cannot be read. */
export function documentHash(
  input: Pick<PrepareInput, 'location' | 'originLocation' | 'text' | 'settings' | 'rules'>,
  dependencies: string[],
  contents: (target: string) => Uint8Array | undefined,
): string {
  const { version } = compileSettings(input.settings);
  const own = digest('sha256', input.text, 'hex');
  const head = JSON.stringify([version, input.location, input.originLocation, input.rules ?? null, own]);
  const parts = dependencies.map((target) => {
    const bytes = contents(target);
    return `${target}\n${bytes ? digest('sha256', bytes, 'hex') : 'unreadable'}`;
  });
  return digest('sha256', [head, ...parts].join('\n'), 'hex');
}

type Work = {
  input: PrepareInput;
  kinds: KindRegistry;
  limits: PrepareLimits;
  base: LocationRef;
  origin: LocationRef;
  place: PlaceAnnotations;
  rules: CatalogRule[] | undefined;
  text: string;
  result: PreparedDocument;
};

const problemOf = (
  work: Work,
  fault: Fault | YamlFault,
  position: { line: number; column: number },
  entityRef?: string,
): Problem => ({
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

const skip = (work: Work) => {
  work.result.skipped = {
    reason: "It is part of a template's skeleton: it still has the template's own syntax, such as ${{ values.name }}.",
  };
};

const rejectDocument = (work: Work, document: YamlDocument) => {
  const slice = work.text.slice(document.start, document.end);
  if (work.input.settings.skipSkeletons !== false && isUnrenderedText(slice, document.faults, document.line))
    skip(work);
  else work.result.problems.push(...document.faults.map((fault) => problemOf(work, fault, fault)));
};

const notAllowed = (work: Work, kind: string): Fault => ({
  code: 'CATALOG_DESCRIPTOR_NOT_ALLOWED',
  message: `Entities of kind ${kind} are not allowed from ${work.input.originLocation}.`,
  path: '/kind',
  found: kind,
  fix: 'Add the kind to catalog.rules, or to the rules of this location under catalog.locations.',
});

const finishDocument = (
  work: Work,
  document: YamlDocument,
  raw: JsonObject,
  substituted: JsonObject,
  earlier: Fault[],
) => {
  const { input, kinds, result } = work;
  const entity = complete(annotate(substituted, work.place), kinds);
  const { faults: found, relations } = checkDocument(entity, kinds);
  const blamed = new Set(earlier.map((fault) => fault.path));
  // A placeholder that failed is reported once, not again as the map that was left in its place.
  const covered = (path: string) => [...blamed].some((each) => each === path || each.startsWith(`${path}/$`));
  const faults = [...earlier, ...found.filter((fault) => !covered(fault.path))];
  const ref = refOf(raw);
  const slice = () => work.text.slice(document.start, document.end);
  if (
    input.settings.skipSkeletons !== false &&
    isUnrenderedDocument(raw, slice(), faults, kinds.relationRules(entity as never))
  ) {
    skip(work);
    return;
  }
  const serious = faults.filter((fault) => fault.severity === undefined || fault.severity === 'error');
  if (serious.length === 0 && !isAllowed(entity as never, work.rules, work.origin)) {
    const fault = notAllowed(work, entity.kind as string);
    faults.push(fault);
    serious.push(fault);
  }
  if (faults.length > 0) {
    const locate = createLocator(work.text, document);
    result.problems.push(...faults.map((fault) => problemOf(work, fault, locate(fault.path), ref)));
  }
  if (serious.length > 0) return;
  result.entities.push(toPreparedEntity(entity, relations, document.line));
  if (entity.kind === 'Location')
    result.targets.push(
      ...locationTargets(entity, {
        base: work.base,
        hosts: input.settings.hosts ?? [],
        entityRef: ref as string,
        line: document.line,
      }),
    );
};

const notAMap = (work: Work, document: YamlDocument): Problem =>
  problemOf(
    work,
    {
      code: 'CATALOG_YAML_NOT_A_MAP',
      message: `The document is ${Array.isArray(document.value) ? 'a list' : `a ${typeof document.value}`}, not a map of fields.`,
      path: '',
      expected: 'a map with apiVersion, kind, metadata and spec',
      found: JSON.stringify(document.value).slice(0, 100),
      fix: 'Begin the document with apiVersion, kind, metadata and spec.',
    },
    { line: document.line, column: 1 },
  );

const fileProblem = (
  location: string,
  fault: Omit<YamlFault, 'line' | 'column'> & Partial<YamlFault>,
  severity: Problem['severity'] = 'error',
): Problem => ({
  line: 1,
  column: 1,
  ...fault,
  severity,
  location,
});

const wrongSize = (location: string, size: number, limit: number) =>
  fileProblem(location, {
    code: 'CATALOG_FILE_TOO_LARGE',
    message: `The file has ${size} bytes; at most ${limit} are read.`,
    expected: `at most ${limit} bytes`,
    found: String(size),
    fix: 'Divide the file, move long definitions into files of their own, or raise catalog.limits.fileSize.',
  });

const readText = (input: PrepareInput, limits: PrepareLimits): { text?: string; problems: Problem[] } => {
  const size = typeof input.text === 'string' ? Buffer.byteLength(input.text) : input.text.byteLength;
  if (size > limits.fileSize) return { problems: [wrongSize(input.location, size, limits.fileSize)] };
  if (typeof input.text === 'string') return { text: input.text.replace(/^\uFEFF/, ''), problems: [] };
  const decoded = decodeText(input.text);
  if ('binary' in decoded)
    return {
      problems: [
        fileProblem(input.location, {
          code: 'CATALOG_FILE_BINARY',
          message: `The file is not a text: it has ${decoded.binary}.`,
          expected: 'a text in UTF-8',
          fix: 'Name only descriptor files, and store them as UTF-8.',
        }),
      ],
    };
  const problems = decoded.replaced
    ? [
        fileProblem(
          input.location,
          {
            ...decoded.replaced,
            code: 'CATALOG_FILE_ENCODING',
            message: 'The file has bytes that are not UTF-8; they are shown as \uFFFD.',
            expected: 'a text in UTF-8',
            fix: 'Store the file as UTF-8.',
          },
          'warning',
        ),
      ]
    : [];
  return { text: decoded.text, problems };
};

const reasonOf = (error: unknown): { problem: string; fix?: string } =>
  error instanceof AppError
    ? { problem: error.message, fix: error.fix }
    : { problem: `it could not be read: ${(error as Error).message}` };

type Substituted = { document: YamlDocument; raw: JsonObject; value: JsonObject; faults: Fault[] };

/** Replaces the placeholders of all documents, reading in rounds until nothing more is needed. */
async function substituteAll(
  work: Work,
  documents: YamlDocument[],
): Promise<{ done: Substituted[]; contents: Contents; dependencies: string[] }> {
  const contents: Contents = new Map();
  const maps = documents.filter((document) => isJsonObject(document.value));
  const plain = () =>
    maps.map((document) => ({
      document,
      raw: document.value as JsonObject,
      value: document.value as JsonObject,
      faults: [],
    }));
  if (!mayHavePlaceholders(work.text)) return { done: plain(), contents, dependencies: [] };
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
    const done = plain().map((each): Substituted => {
      const { document: value, faults } = substitute(each.raw, context);
      return { ...each, value, faults: [...identityFaults(each.raw), ...faults] };
    });
    if (needs.size === 0) return { done, contents, dependencies: [...dependencies].sort() };
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
 * Makes of a descriptor file the entities it describes: reads the YAML, replaces placeholders, adds what the catalog adds, checks
 * everything and derives relations and search terms. Touches no database. Whatever is wrong becomes a problem with its place; it throws
 * only for wrong settings or an unreadable location ref.
 */
export async function prepare(input: PrepareInput): Promise<PreparedDocument> {
  const { kinds } = compileSettings(input.settings);
  const limits = { ...defaultLimits, ...input.settings.limits };
  const result: PreparedDocument = {
    location: input.location,
    hash: '',
    entities: [],
    problems: [],
    targets: [],
    dependencies: [],
  };
  const { text, problems } = readText(input, limits);
  result.problems.push(...problems);
  const contents: Contents = new Map();
  if (text !== undefined) {
    const base = parseLocationRef(input.location);
    const work: Work = {
      input,
      kinds,
      limits,
      base,
      origin: parseLocationRef(input.originLocation),
      place: placeAnnotations(base, input.originLocation, input.settings.hosts ?? []),
      rules: input.settings.rules && [...input.settings.rules, ...(input.rules ?? [])],
      text,
      result,
    };
    const { documents, faults } = readYaml(text, limits);
    result.problems.push(...faults.map((fault) => problemOf(work, fault, fault)));
    const substituted = await substituteAll(work, documents);
    const byDocument = new Map(substituted.done.map((each) => [each.document, each]));
    for (const document of documents) {
      const found = byDocument.get(document);
      if (document.faults.length > 0) rejectDocument(work, document);
      else if (found) finishDocument(work, document, found.raw, found.value, found.faults);
      else if (document.value !== null && document.value !== undefined) result.problems.push(notAMap(work, document));
    }
    result.dependencies = substituted.dependencies;
    for (const [target, content] of substituted.contents) contents.set(target, content);
  }
  result.hash = documentHash(input, result.dependencies, (target) => {
    const content = contents.get(target);
    return content && 'bytes' in content ? content.bytes : undefined;
  });
  return result;
}
