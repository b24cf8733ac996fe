import { relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Problem } from '@callboard/model';
import { pathOf, type Report } from './report.ts';

const levels = { error: 'error', warning: 'warning', information: 'note' } as const;

/** The result as SARIF 2.1.0, which code hosts show at the lines of a change. */
export function sarifReport(report: Report): Record<string, unknown> {
  const codes = [...new Set(report.problems.map((problem) => problem.code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'callboard',
            version: report.version,
            semanticVersion: report.version,
            rules: codes.map((code) => rule(code, report.problems)),
          },
        },
        originalUriBaseIds: { '%SRCROOT%': { uri: folderUri(report.directory) } },
        columnKind: 'utf16CodeUnits',
        results: report.problems.map((problem) => result(problem, codes, report.directory)),
      },
    ],
  };
}

const folderUri = (directory: string) => pathToFileURL(directory.endsWith(sep) ? directory : `${directory}${sep}`).href;

/** `CATALOG_NAME_INVALID` as `CatalogNameInvalid`: SARIF wants a name of one word. */
const ruleName = (code: string) =>
  code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** `CATALOG_RELATION_TARGET_MISSING` as "Relation target missing": what stands in a list of rules. */
const ruleWords = (code: string) => {
  const words = code
    .replace(/^CATALOG_/, '')
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/\byaml\b/, 'YAML')
    .replace(/\burl\b/, 'URL');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function rule(code: string, problems: Problem[]): Record<string, unknown> {
  const example = problems.find((problem) => problem.code === code);
  return {
    id: code,
    name: ruleName(code),
    shortDescription: { text: ruleWords(code) },
    ...(example && { help: { text: example.fix } }),
    defaultConfiguration: { level: levels[example?.severity ?? 'error'] },
  };
}

function result(problem: Problem, codes: string[], directory: string): Record<string, unknown> {
  const { code, severity, message, fix, line, column, entityRef, path } = problem;
  const region =
    line === undefined
      ? undefined
      : { startLine: Math.max(line, 1), ...(column === undefined ? {} : { startColumn: Math.max(column, 1) }) };
  const artifactLocation = artifact(problem.location, directory);
  const logical = entityRef ? [{ fullyQualifiedName: `${entityRef}${path ?? ''}`, kind: 'member' }] : undefined;
  const place = {
    ...(artifactLocation && { physicalLocation: { artifactLocation, ...(region && { region }) } }),
    ...(logical && { logicalLocations: logical }),
  };
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[severity],
    message: { text: `${message}\n${fix}` },
    ...(Object.keys(place).length > 0 && { locations: [place] }),
  };
}

function artifact(location: string | undefined, directory: string): Record<string, string> | undefined {
  const path = pathOf(location);
  if (path === undefined) {
    const address = location?.replace(/^url:/, '');
    return address && URL.canParse(address) ? { uri: address } : undefined;
  }
  const shown = relative(directory, path);
  if (shown === '..' || shown.startsWith(`..${sep}`) || shown === '') return { uri: pathToFileURL(path).href };
  return { uri: shown.split(sep).map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}
