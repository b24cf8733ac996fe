import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Problem } from '@callboard/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from './report.ts';
import { sarifReport } from './sarif.ts';
import { textReport } from './text.ts';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-report-'));
  writeFileSync(join(directory, 'a b.yaml'), 'kind: Component\r\nmetadata:\r\n\tname: "x y"\r\n');
  writeFileSync(join(directory, 'long.yaml'), `${'x'.repeat(300)}!${'y'.repeat(300)}\n`);
});

afterAll(() => rmSync(directory, { recursive: true }));

const stream = new PassThrough() as unknown as NodeJS.WriteStream;

const problem = (file: string, fields: Partial<Problem>): Problem => ({
  code: 'CATALOG_NAME_INVALID',
  severity: 'error',
  message: 'the name has a space',
  fix: 'Write x-y.',
  location: `file:${join(directory, file)}`,
  ...fields,
});

const report = (problems: Problem[]): Report => ({
  files: 3,
  documents: 4,
  entities: 1200,
  problems,
  directory,
  version: '1.2.3',
});

describe('textReport', () => {
  test('nothing wrong', () => {
    expect(textReport(report([]), stream)).toBe('Nothing wrong in 3 files, 1,200 entities.\n');
  });

  test('groups by file, in the order of lines, with the line, a caret and the next step', () => {
    const problems = [
      problem('a b.yaml', {
        line: 3,
        column: 8,
        expected: 'letters',
        found: '"x y"',
        path: '/metadata/name',
        entityRef: 'component:default/x',
      }),
      problem('gone.yaml', { message: 'cannot be read', fix: 'Look at it.', code: 'CATALOG_FILE_UNREADABLE' }),
      problem('a b.yaml', { line: 1, severity: 'warning', message: 'old', fix: 'Renew it.', code: 'CATALOG_OLD' }),
      {
        code: 'CATALOG_URL',
        severity: 'information',
        message: 'slow',
        fix: 'Wait.',
        location: 'url:https://h/x.yaml',
        line: 2,
        column: 1,
      } as Problem,
    ];
    expect(textReport(report(problems), stream)).toBe(`a b.yaml:1  warning  old
     1 | kind: Component
  fix:      Renew it.
  CATALOG_OLD

a b.yaml:3:8  error  the name has a space
     3 |  name: "x y"
                ^
  expected: letters
  found:    "x y"
  fix:      Write x-y.
  component:default/x /metadata/name  CATALOG_NAME_INVALID

gone.yaml  error  cannot be read
  fix:      Look at it.
  CATALOG_FILE_UNREADABLE

url:https://h/x.yaml:2:1  information  slow
  fix:      Wait.
  CATALOG_URL

2 errors, 1 warning, 1 note in 3 files; checked 3 files, 1,200 entities.
`);
  });

  test('a long line is cut around the column', () => {
    const lines = textReport(report([problem('long.yaml', { line: 1, column: 301 })]), stream).split('\n');
    expect(lines[1]).toBe(`     1 | …${'x'.repeat(55)}!${'y'.repeat(54)}…`);
    expect(lines[1]?.[lines[2]?.indexOf('^') ?? -1]).toBe('!');
  });

  test('a column behind the end of the line, and a line behind the end of the file', () => {
    const lines = textReport(report([problem('a b.yaml', { line: 1, column: 99 })]), stream).split('\n');
    expect(lines[2]).toBe(`${' '.repeat(24)}^`);
    expect(textReport(report([problem('a b.yaml', { line: 99, column: 1 })]), stream)).not.toContain('|');
  });
});

describe('sarifReport', () => {
  test('the whole log', () => {
    const problems = [
      problem('a b.yaml', { line: 3, column: 8, path: '/metadata/name', entityRef: 'component:default/x' }),
      problem('../else.yaml', { severity: 'warning', code: 'CATALOG_OLD', line: 1 }),
      {
        code: 'CATALOG_URL',
        severity: 'information',
        message: 'slow',
        fix: 'Wait.',
        location: 'url:https://h/x.yaml',
      } as Problem,
      { code: 'CATALOG_OLD', severity: 'warning', message: 'm', fix: 'f' } as Problem,
    ];
    const log = sarifReport(report(problems));
    expect(log).toEqual({
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'callboard',
              version: '1.2.3',
              semanticVersion: '1.2.3',
              rules: [
                {
                  id: 'CATALOG_NAME_INVALID',
                  name: 'CatalogNameInvalid',
                  shortDescription: { text: 'Name invalid' },
                  help: { text: 'Write x-y.' },
                  defaultConfiguration: { level: 'error' },
                },
                {
                  id: 'CATALOG_OLD',
                  name: 'CatalogOld',
                  shortDescription: { text: 'Old' },
                  help: { text: 'Write x-y.' },
                  defaultConfiguration: { level: 'warning' },
                },
                {
                  id: 'CATALOG_URL',
                  name: 'CatalogUrl',
                  shortDescription: { text: 'URL' },
                  help: { text: 'Wait.' },
                  defaultConfiguration: { level: 'note' },
                },
              ],
            },
          },
          originalUriBaseIds: { '%SRCROOT%': { uri: `file://${directory}/` } },
          columnKind: 'utf16CodeUnits',
          results: [
            {
              ruleId: 'CATALOG_NAME_INVALID',
              ruleIndex: 0,
              level: 'error',
              message: { text: 'the name has a space\nWrite x-y.' },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'a%20b.yaml', uriBaseId: '%SRCROOT%' },
                    region: { startLine: 3, startColumn: 8 },
                  },
                  logicalLocations: [{ fullyQualifiedName: 'component:default/x/metadata/name', kind: 'member' }],
                },
              ],
            },
            {
              ruleId: 'CATALOG_OLD',
              ruleIndex: 1,
              level: 'warning',
              message: { text: 'the name has a space\nWrite x-y.' },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: `file://${join(directory, '..', 'else.yaml')}` },
                    region: { startLine: 1 },
                  },
                },
              ],
            },
            {
              ruleId: 'CATALOG_URL',
              ruleIndex: 2,
              level: 'note',
              message: { text: 'slow\nWait.' },
              locations: [{ physicalLocation: { artifactLocation: { uri: 'https://h/x.yaml' } } }],
            },
            { ruleId: 'CATALOG_OLD', ruleIndex: 1, level: 'warning', message: { text: 'm\nf' } },
          ],
        },
      ],
    });
  });

  test('nothing wrong is a run without results', () => {
    expect(sarifReport(report([]))).toMatchObject({ runs: [{ results: [], tool: { driver: { rules: [] } } }] });
  });
});
