import { readFileSync } from 'node:fs';
import type { Problem } from '@callboard/model';
import { count, paint, shownPath } from '../terminal.ts';
import { pathOf, type Report } from './report.ts';

const styles = { error: 'red', warning: 'yellow', information: 'blue' } as const;
const widest = 110;

/** The result for people: by file, each problem with its place, the line itself, and the next step. */
export function textReport(report: Report, stream: NodeJS.WriteStream): string {
  const byFile = Map.groupBy(report.problems, (problem) => problem.location ?? '');
  const parts = [...byFile].map(([location, problems]) => fileText(location, problems, report.directory, stream));
  return `${parts.join('')}${summaryText(report, byFile.size, stream)}\n`;
}

function fileText(location: string, problems: Problem[], directory: string, stream: NodeJS.WriteStream): string {
  const path = pathOf(location);
  const name = path === undefined ? location : shownPath(path, directory);
  const lines = path === undefined ? [] : linesOf(path);
  const sorted = problems.toSorted(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  );
  return sorted.map((problem) => `${problemText(name, problem, lines, stream)}\n`).join('');
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}

function problemText(name: string, problem: Problem, lines: string[], stream: NodeJS.WriteStream): string {
  const { line, column, severity, message, path, entityRef, code, fix } = problem;
  const place = [name, line, column].filter((part) => part !== undefined && part !== '').join(':');
  const about = [entityRef, path].filter(Boolean).join(' ');
  const text = [`${paint(stream, 'bold', place)}  ${paint(stream, styles[severity], severity)}  ${message}`];
  if (line !== undefined) text.push(...excerpt(lines[line - 1], line, column, stream));
  if (problem.expected) text.push(`  expected: ${problem.expected}`);
  if (problem.found) text.push(`  found:    ${problem.found}`);
  text.push(`  fix:      ${fix}`, paint(stream, 'dim', `  ${[about, code].filter(Boolean).join('  ')}`), '');
  return text.join('\n');
}

/** The line with a caret under the column; a long line is cut to the part around it. */
function excerpt(
  text: string | undefined,
  line: number,
  column: number | undefined,
  stream: NodeJS.WriteStream,
): string[] {
  if (text === undefined || text.trim() === '') return [];
  const at = Math.min(Math.max((column ?? 1) - 1, 0), text.length);
  const from = at > widest - 20 ? at - Math.floor(widest / 2) : 0;
  // Control characters would move the caret, or worse.
  const shown = text.slice(from, from + widest).replace(/\p{Cc}/gu, ' ');
  const margin = `${String(line).padStart(6)} | `;
  const before = from > 0 ? '…' : '';
  const result = [`${paint(stream, 'dim', margin)}${before}${shown}${from + widest < text.length ? '…' : ''}`];
  if (column !== undefined)
    result.push(`${' '.repeat(margin.length + before.length + at - from)}${paint(stream, 'red', '^')}`);
  return result;
}

function summaryText(
  { files, entities, problems, checked: said }: Report,
  filesWithProblems: number,
  stream: NodeJS.WriteStream,
): string {
  const checked = said ?? `${count(files, 'file')}, ${count(entities, 'entity', 'entities')}`;
  const number = (severity: Problem['severity']) => problems.filter((problem) => problem.severity === severity).length;
  const found = [
    number('error') > 0 && paint(stream, 'red', count(number('error'), 'error')),
    number('warning') > 0 && paint(stream, 'yellow', count(number('warning'), 'warning')),
    number('information') > 0 && count(number('information'), 'note'),
  ].filter((part) => part !== false);
  if (found.length === 0) return `${paint(stream, 'green', 'Nothing wrong')} in ${checked}.`;
  return `${found.join(', ')} in ${count(filesWithProblems, 'file')}; checked ${checked}.`;
}
