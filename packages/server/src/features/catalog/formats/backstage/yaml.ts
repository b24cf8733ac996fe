import type { JsonValue } from '@callboard/model';
import { constructFromEvents, CORE_SCHEMA, EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import { LineCounter, parseAllDocuments } from 'yaml';
import { needsCarefulReading } from './yaml-scan.ts';

/** How much of a YAML file is read. */
export type YamlLimits = { depth: number; documents: number };

/** A place in a text, both counted from 1. */
export type Position = { line: number; column: number };

/** Something that keeps a document, or a whole file, from being read. */
export type YamlFault = Position & { code: string; message: string; fix: string; expected?: string; found?: string };

/** One document of a YAML file; `value` is undefined when it could not be read. */
export type YamlDocument = {
  line: number;
  start: number;
  end: number;
  value: JsonValue | undefined;
  faults: YamlFault[];
};

export type YamlFile = { documents: YamlDocument[]; faults: YamlFault[] };

const reported = 10;

const tooDeep = (limits: YamlLimits, position: Position): YamlFault => ({
  ...position,
  code: 'CATALOG_YAML_TOO_DEEP',
  message: `The document is nested deeper than ${limits.depth} levels.`,
  expected: `at most ${limits.depth} levels`,
  fix: 'Make the document flatter; no descriptor needs this depth.',
});

const tooMany = (limits: YamlLimits, count: number, position: Position): YamlFault => ({
  ...position,
  code: 'CATALOG_YAML_TOO_MANY_DOCUMENTS',
  message: `The file has ${count} documents; at most ${limits.documents} are read.`,
  expected: `at most ${limits.documents} documents`,
  found: String(count),
  fix: 'Divide the file into several files.',
});

const countLines = (text: string, from: number, to: number) => {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
};

const startOf = (event: Event | undefined): number | undefined => {
  if (event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE) return event.start;
  return event?.type === EVENT_ID.SCALAR && event.valueStart >= 0 ? event.valueStart : undefined;
};

const documentStarts = (events: Event[], text: string): number[] => {
  const starts: number[] = [];
  events.forEach((event, index) => {
    if (event.type !== EVENT_ID.DOCUMENT) return;
    const start = startOf(events[index + 1]) ?? starts.at(-1) ?? 0;
    starts.push(start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1);
  });
  return starts;
};

/** Reads with the quick reader. Undefined when it refuses the text: the careful reader then says what is wrong, document by document. */
function readQuickly(text: string, limits: YamlLimits): YamlFile | undefined {
  let events: Event[];
  let values: unknown[];
  try {
    events = parseEvents(text, { maxDepth: limits.depth });
    values = constructFromEvents(events, { source: text, schema: CORE_SCHEMA, maxAliases: 0 });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    if (!error.reason.includes('maxDepth')) return undefined;
    const position = { line: (error.mark?.line ?? 0) + 1, column: (error.mark?.column ?? 0) + 1 };
    return { documents: [], faults: [tooDeep(limits, position)] };
  }
  if (values.length > limits.documents)
    return { documents: [], faults: [tooMany(limits, values.length, { line: 1, column: 1 })] };
  const starts = documentStarts(events, text);
  let line = 1;
  let counted = 0;
  const documents = values.map((value, index): YamlDocument => {
    const start = starts[index] ?? 0;
    line += countLines(text, counted, start);
    counted = Math.max(counted, start);
    return { line, start, end: text.length, value: value as JsonValue, faults: [] };
  });
  // An empty document has no place of its own and shares the start of the one before.
  for (let index = documents.length - 2; index >= 0; index -= 1) {
    const [current, next] = [documents[index]!, documents[index + 1]!];
    current.end = next.start > current.start ? next.start : next.end;
  }
  return { documents, faults: [] };
}

const depthOf = (value: unknown, limit: number): number => {
  if (typeof value !== 'object' || value === null) return 0;
  if (limit <= 0) return 1;
  let deepest = 0;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, limit - 1));
  return deepest + 1;
};

const fixes: Record<string, string> = {
  DUPLICATE_KEY: 'Keep one of the two lines.',
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_INDENT: 'Indent the lines of one block by the same number of spaces.',
  MISSING_CHAR: 'Add the missing character, often a closing quote or bracket.',
  BLOCK_AS_IMPLICIT_KEY: 'Put quotes around a value that contains ": ", or move it to a line of its own.',
};

type ParsedDocument = ReturnType<typeof parseAllDocuments>[number];

function valueOf(document: ParsedDocument, limits: YamlLimits, at: Position): { value?: JsonValue; fault?: YamlFault } {
  try {
    const value: unknown = document.toJSON();
    if (depthOf(value, limits.depth) > limits.depth) return { fault: tooDeep(limits, at) };
    // Makes plain JSON of it: shared parts become copies, numbers that JSON lacks become null, circles throw.
    return { value: value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as JsonValue) };
  } catch (error) {
    const message = (error as Error).message.split('\n')[0]!;
    return {
      fault: {
        ...at,
        code: 'CATALOG_YAML_ALIASES',
        message: `The aliases of the document cannot be resolved: ${message}.`,
        fix: 'Write the repeated parts out instead of referring to them with "*".',
      },
    };
  }
}

/** Reads with the careful reader, whose verdict counts. */
function readCarefully(text: string, limits: YamlLimits): YamlFile {
  const counter = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  let parsed: ParsedDocument[];
  try {
    const result = parseAllDocuments(text, {
      merge: false,
      prettyErrors: false,
      lineCounter: counter,
      logLevel: 'silent',
    });
    parsed = Array.isArray(result) ? [...result] : [];
  } catch (error) {
    if (error instanceof RangeError) return { documents: [], faults: [tooDeep(limits, { line: 1, column: 1 })] };
    throw error;
  }
  if (parsed.length > limits.documents)
    return { documents: [], faults: [tooMany(limits, parsed.length, { line: 1, column: 1 })] };
  const documents = parsed.map((document, index): YamlDocument => {
    const [first = 0] = document.contents?.range ?? document.range ?? [0];
    const start = first === 0 ? 0 : text.lastIndexOf('\n', first - 1) + 1;
    const at = positionAt(start);
    const end = parsed[index + 1]?.range?.[0] ?? text.length;
    // What follows on the same line is nearly always the same mistake.
    const lines = new Set<number>();
    const distinct = document.errors.filter((error) => {
      const { line } = positionAt(error.pos[0]);
      return !lines.has(line) && lines.add(line);
    });
    const faults = distinct.slice(0, reported).map((error): YamlFault => ({
      ...positionAt(error.pos[0]),
      code: 'CATALOG_YAML_SYNTAX',
      message: `YAML: ${error.message}.`.replace(/\.\.$/, '.'),
      fix: fixes[error.code] ?? 'Correct the YAML at this place.',
    }));
    if (faults.length > 0) return { line: at.line, start, end, value: undefined, faults };
    const { value, fault } = valueOf(document, limits, at);
    return { line: at.line, start, end, value, faults: fault ? [fault] : [] };
  });
  return { documents, faults: [] };
}

/**
 * Reads every document of a YAML text as Backstage does (YAML 1.2 core, no merge keys). A quick reader takes the plain texts, which are
 * nearly all; whatever it refuses, or might understand differently, goes to the careful one.
 *
 * @param text - without byte order mark
 * @returns documents in order, with what is wrong in each; `faults` concern the whole file
 */
export function readYaml(text: string, limits: YamlLimits): YamlFile {
  if (!needsCarefulReading(text)) {
    const quick = readQuickly(text, limits);
    if (quick) return quick;
  } else {
    // The careful reader has no limit of depth and needs very long for deep texts, so depth is measured first.
    try {
      parseEvents(text, { maxDepth: limits.depth });
    } catch (error) {
      if (error instanceof YAMLException && error.reason.includes('maxDepth'))
        return {
          documents: [],
          faults: [tooDeep(limits, { line: (error.mark?.line ?? 0) + 1, column: (error.mark?.column ?? 0) + 1 })],
        };
    }
  }
  return readCarefully(text, limits);
}

/** The two readers by name, for the test that proves them equal. */
export const yamlReaders = { readQuickly, readCarefully };
