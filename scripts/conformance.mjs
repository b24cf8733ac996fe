/**
 * Compares what Callboard makes of real descriptors with what Backstage made of them: the verdict on each document, the completed entity,
 * its relations and the targets of its locations. Differences that docs/reference/differences.md explains are counted, every other one is
 * printed, and then the exit code is 1.
 *
 *   npm run conformance -- ../shared/corpora/catalog [--all]
 *
 * The folder holds manifest.tsv, reference.tsv, reference-entities.jsonl, reference-relations.jsonl and files/OWNER__NAME/<path>.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { createKindLookup, builtInKinds } from '../packages/model/src/index.ts';
import { describeDocuments } from '../packages/server/src/check.ts';
import { readExplanations } from './conformance-explanations.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const showAll = process.argv.includes('--all');
const longestDefinition = 2000;

if (!folder || !existsSync(join(resolve(folder), 'reference.tsv'))) {
  console.error('Give the folder with reference.tsv: npm run conformance -- ../shared/corpora/catalog');
  process.exit(2);
}
const corpus = isAbsolute(folder) ? folder : resolve(process.env.INIT_CWD ?? process.cwd(), folder);

const cell = (text) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);

function readTable(name) {
  const [head, ...lines] = readFileSync(join(corpus, name), 'utf8').trimEnd().split('\n');
  const keys = head.split('\t');
  return lines.map((line) => Object.fromEntries(line.split('\t').map((text, index) => [keys[index], cell(text)])));
}

const readLines = (name) =>
  readFileSync(join(corpus, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const idOf = ({ repo, path, doc }) => `${repo} ${path} ${doc}`;
const byId = (rows) => new Map(rows.map((row) => [idOf(row), row]));

const compareTexts = (one, other) => (one < other ? -1 : Number(one > other));

/** The stored relations in both directions, as Backstage emits them. */
const inverse = new Map(
  createKindLookup(builtInKinds).pairs.flatMap((pair) => [
    [pair.type, pair.inverse],
    [pair.inverse, pair.type],
  ]),
);
const bothWays = (relations) =>
  relations
    .flatMap(([source, type, target]) => [`${source} ${type} ${target}`, `${target} ${inverse.get(type)} ${source}`])
    .sort(compareTexts);

/** Long definitions stand in the reference as their hash. */
function shortened(value) {
  if (typeof value?.spec?.definition !== 'string' || value.spec.definition.length <= longestDefinition) return value;
  const { definition } = value.spec;
  const sha256 = createHash('sha256').update(definition).digest('hex');
  return { ...value, spec: { ...value.spec, definition: { sha256, length: definition.length } } };
}

function firstDifference(ours, theirs, path = '') {
  if (isDeepStrictEqual(ours, theirs)) return undefined;
  if (typeof ours !== 'object' || typeof theirs !== 'object' || !ours || !theirs)
    return `${path || '/'}: ours ${JSON.stringify(ours)?.slice(0, 120)}, theirs ${JSON.stringify(theirs)?.slice(0, 120)}`;
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const found = firstDifference(ours[key], theirs[key], `${path}/${key}`);
    if (found) return found;
  }
  return undefined;
}

async function describeFile(row, commit, skipSkeletons) {
  const base = `https://github.com/${row.repo}/blob/${commit}/`;
  const files = join(corpus, 'files', row.repo.replace('/', '__'));
  const location = `url:${base}${row.path}`;
  const { documents } = await describeDocuments({
    location,
    originLocation: location,
    text: readFileSync(join(files, row.path)),
    settings: { skipSkeletons },
    read: async (target) => {
      const own = target.replace(/\/(?:tree|raw)\//, '/blob/');
      // The reference was made with this text in place of what other servers hold.
      if (!own.startsWith(base)) return Buffer.from('{}');
      return readFileSync(join(files, decodeURIComponent(own.slice(base.length))));
    },
  });
  return documents;
}

const verdictOf = (document) => {
  if (document?.entity) return 'accept';
  return document?.problems.length > 0 ? 'reject' : 'none';
};

const entities = byId(readLines('reference-entities.jsonl'));
const relations = byId(readLines('reference-relations.jsonl'));
const commits = new Map(readTable('manifest.tsv').map((row) => [`${row.repo} ${row.path}`, row.commit]));
const explanations = readExplanations(join(root, 'docs/reference/differences.md'));
const described = new Map();
const counts = { absent: 0, documents: 0, accept: 0, reject: 0, none: 0, equal: 0, explained: 0, unexplained: 0 };

function report(row, aspect, text) {
  const explanation = explanations.find((each) => each.covers({ ...row, id: idOf(row), aspect, text }));
  if (explanation) {
    explanation.used += 1;
    counts.explained += 1;
    if (showAll) console.log(`explained   ${idOf(row)}: ${aspect}: ${text} [${explanation.name}]`);
    return;
  }
  counts.unexplained += 1;
  console.log(`UNEXPLAINED ${idOf(row)}: ${aspect}: ${text}`);
}

for (const row of readTable('reference.tsv')) {
  const file = `${row.repo} ${row.path}`;
  if (!existsSync(join(corpus, 'files', row.repo.replace('/', '__'), row.path))) {
    counts.absent += 1;
    continue;
  }
  if (!described.has(file))
    described.set(file, [
      await describeFile(row, commits.get(file), false),
      await describeFile(row, commits.get(file), true),
    ]);
  const [strict, normal] = described.get(file);
  const index = Number(row.doc) || 0;
  const document = strict[index];
  const ours = verdictOf(document);
  // The opt-in layer of Backstage knows what its default does not yet.
  const usesModel =
    row.kind === 'AiResource' || (row.kind === 'API' && /mcp-server/.test(document?.entity?.type ?? row.reason));
  const theirs = (usesModel ? row.model_verdict : row.verdict) || 'none';
  const before = counts.explained + counts.unexplained;
  counts.documents += 1;
  counts[theirs] += 1;
  if (ours !== theirs) {
    const problems = document?.problems.map((problem) => `${problem.path ?? ''} ${problem.message}`).join(' | ');
    report(row, 'verdict', `ours ${ours}, theirs ${theirs}: ${(problems || row.reason).slice(0, 300)}`);
  }
  if (document?.entity && normal[index].skipped) report(row, 'skeleton', 'skipped as part of a template');
  const reference = entities.get(idOf(row));
  if (document?.entity && reference) {
    const difference = firstDifference(shortened(JSON.parse(document.entity.body)), reference.entity);
    if (difference) report(row, 'entity', difference);
    const emitted = relations.get(idOf(row));
    const edgesOfReference = emitted.relations.map((each) => `${each.source} ${each.type} ${each.target}`);
    const expected = [...new Set(edgesOfReference)].sort(compareTexts);
    const edges = firstDifference([...new Set(bothWays(document.entity.relations))], expected);
    if (edges) report(row, 'relations', edges);
    const locations = document.targets.map((target) => `${target.type}:${target.target}`);
    const places = firstDifference(locations, emitted.locationTargets ?? []);
    if (places) report(row, 'targets', places);
  }
  if (counts.explained + counts.unexplained === before) counts.equal += 1;
}

for (const explanation of explanations)
  if (explanation.used === 0 && showAll) console.log(`not seen    ${explanation.name}`);
console.log(JSON.stringify(counts));
process.exitCode = counts.unexplained > 0 ? 1 : 0;
