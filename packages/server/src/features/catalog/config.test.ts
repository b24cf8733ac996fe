import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/index.ts';
import { catalogConfig, catalogSection } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-config-'));
});
afterEach(() => rm(folder, { recursive: true }));

const faultsOf = async (text: string): Promise<{ line?: number; message: string; fix: string }[]> => {
  const file = join(folder, 'callboard.yaml');
  await writeFile(file, text);
  try {
    loadConfig({ file, env: {}, sections: [{ owner: 'catalog', schema: catalogSection }] });
    return [];
  } catch (error) {
    return (error as { faults: { line?: number; message: string; fix: string }[] }).faults.map(
      ({ line, message, fix }) => ({
        line,
        message,
        fix,
      }),
    );
  }
};

test('a rule names its locations exactly or by a pattern, not both', async () => {
  const rule = (keys: string) =>
    `catalog:\n  rules:\n    - allow: [Component]\n      locations:\n        - type: url\n${keys}`;
  expect(await faultsOf(rule('          exact: https://example.com/a.yaml\n'))).toEqual([]);
  expect(await faultsOf(rule('          pattern: https://example.com/**\n'))).toEqual([]);
  expect(
    await faultsOf(rule('          exact: https://example.com/a.yaml\n          pattern: https://example.com/**\n')),
  ).toEqual([
    {
      line: 7,
      message: '"exact" and "pattern" exclude each other in catalog.rules[0].locations[0]',
      fix: 'Remove one of them: "exact" and "pattern".',
    },
  ]);
});

test('words of kinds are asked for in words', async () => {
  const kind = (relation: string) =>
    `catalog:\n  kinds:\n    - kind: Database\n      apiVersions: [example.com/v1]\n      schema: {}\n      relations:\n        - ${relation}\n`;
  const word = 'a word such as deployedBy, of letters, digits and _';
  expect(await faultsOf(kind('{ field: owner, type: owned by, inverse: ownerOf }'))).toEqual([
    { line: 7, message: `expected ${word}, found "owned by"`, fix: `Write ${word}.` },
  ]);
  expect(await faultsOf(kind('{ field: owner, type: ownedBy }'))).toEqual([
    { line: 7, message: 'the key "inverse" is missing', fix: `Add inverse: ${word}.` },
  ]);
});

test('hosts of integrations are read, and what else stands there is listed', async () => {
  const file = join(folder, 'callboard.yaml');
  await writeFile(
    file,
    'integrations:\n  gitlab:\n    - host: Code.example.com\n      token: ${NOT_SET}\n  github: [{ host: ghe.example.com:8443 }, {}]\n  gitea: [{}]\n  perforce: [1]\n',
  );
  const { values, unusedKeys } = loadConfig({
    file,
    env: {},
    sections: [{ owner: 'catalog', schema: catalogSection }],
  });
  expect(catalogConfig(undefined, values.integrations).hosts).toEqual([
    { type: 'github', host: 'ghe.example.com:8443' },
    { type: 'github', host: 'github.com' },
    { type: 'gitlab', host: 'code.example.com' },
  ]);
  expect(unusedKeys.map(({ key, line }) => [key, line])).toEqual([
    ['integrations.gitlab[0].token', 4],
    ['integrations.perforce', 7],
  ]);
});
