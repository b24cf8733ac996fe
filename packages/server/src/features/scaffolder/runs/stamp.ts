import { isMap, isScalar, type Node, parseAllDocuments } from 'yaml';
import type { Workspace } from '../files/workspace.ts';

/** What a made entity says of the run that made it. */
export type Stamp = { templateRef: string; version: string | null; runId: string };

const descriptor = /(^|\/)catalog-info\.ya?ml$/;
const deepest = 4;

export const annotations = {
  template: 'backstage.io/source-template',
  version: 'callboard/template-version',
  run: 'callboard/template-run',
} as const;

/** Puts lines into a text where nothing else of it changes. */
function stampText(text: string, wanted: [string, string][]): string {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  if (!Array.isArray(documents)) return text;
  const inserts: { at: number; lines: string }[] = [];
  const startOf = (offset: number) => text.lastIndexOf('\n', offset - 1) + 1;
  const columnOf = (offset: number) => text.slice(startOf(offset), offset);
  for (const document of documents) {
    const metadata = document.errors.length === 0 ? document.get('metadata', true) : undefined;
    if (!document.has('kind') || !isMap(metadata) || metadata.flow || metadata.items.length === 0) continue;
    const first = (metadata.items[0]!.key as Node).range?.[0];
    if (first === undefined || columnOf(first).trim() !== '') continue;
    const given = metadata.items.find((item) => isScalar(item.key) && item.key.value === 'annotations')?.value;
    if (given !== undefined && given !== null && (!isMap(given) || given.flow)) continue;
    const missing = wanted.filter(([key]) => !isMap(given) || !given.has(key));
    if (missing.length === 0) continue;
    const block = isMap(given) ? (given.items[0]?.key as Node | undefined)?.range?.[0] : undefined;
    // `annotations:` with nothing below it is left alone: there is no line to go by.
    if (given !== undefined && block === undefined) continue;
    const indent = columnOf(block ?? first);
    const inner = block === undefined ? `${indent}  ` : indent;
    const lines = missing.map(([key, value]) => `${inner}${key}: ${value}\n`).join('');
    inserts.push({
      at: startOf(block ?? first),
      lines: block === undefined ? `${indent}annotations:\n${lines}` : lines,
    });
  }
  return inserts.reduceRight((made, { at, lines }) => made.slice(0, at) + lines + made.slice(at), text);
}

/** Lets the descriptors in a workspace say which template, which version of it and which run they come from. */
export async function stampDescriptors(workspace: Workspace, { templateRef, version, runId }: Stamp): Promise<void> {
  const wanted: [string, string][] = [
    [annotations.template, templateRef],
    ...(version === null ? [] : [[annotations.version, version] as [string, string]]),
    [annotations.run, runId],
  ];
  for (const path of await workspace.entries()) {
    if (!descriptor.test(path) || path.split('/').length > deepest) continue;
    const before = (await workspace.read(path)).toString('utf8');
    // Expressions of another template: this is no descriptor yet.
    if (before.includes('${{')) continue;
    const after = stampText(before, wanted);
    if (after !== before) await workspace.write(path, after);
  }
}
