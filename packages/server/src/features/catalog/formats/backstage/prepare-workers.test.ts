import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PreparedDocument } from './prepare.ts';
import {
  createPrepareWorkers,
  type PrepareWorkers,
  type PrepareWorkersOptions,
  type WorkerInput,
} from './prepare-workers.ts';

const component = (name: string, more = '') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n${more}spec:\n  type: service\n  lifecycle: production\n  owner: team\n`;

let folder: string;
let workers: PrepareWorkers;

const open = (options: PrepareWorkersOptions = {}) => (workers = createPrepareWorkers({}, options));

const inFile = (name: string, text: string | Uint8Array, root = folder): WorkerInput => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return { location: `file:${path}`, originLocation: `file:${root}`, file: { path, root } };
};

const asText = (text: string): WorkerInput => ({
  location: 'url:https://files.example.com/a.yaml',
  originLocation: 'url:https://files.example.com/a.yaml',
  text,
});

const prepared = async (input: WorkerInput): Promise<PreparedDocument> => {
  const document = await workers.prepare(input);
  if (document === 'unchanged') throw new Error('expected a document');
  return document;
};

const names = (document: PreparedDocument) => document.entities.map(({ name }) => name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callboard-prepare-'));
});

afterEach(async () => {
  await workers.close();
  rmSync(folder, { recursive: true });
});

describe('createPrepareWorkers', () => {
  it('prepares many files and texts', async () => {
    open({ size: 2 });
    const inputs = Array.from({ length: 40 }, (_, index) =>
      index % 2 ? inFile(`${index}.yaml`, component(`n${index}`)) : asText(component(`n${index}`)),
    );
    const documents = await Promise.all(inputs.map(prepared));
    expect(documents.flatMap(names)).toEqual(inputs.map((_, index) => `n${index}`));
    expect(documents[1]?.location).toBe(inputs[1]?.location);
  });

  it('answers unchanged while neither file nor dependency nor settings change', async () => {
    open();
    writeFileSync(join(folder, 'd.md'), 'one');
    const input = inFile('a.yaml', component('a', '  description: { $text: ./d.md }\n'));
    const first = await prepared(input);
    expect(first.dependencies).toEqual([join(folder, 'd.md')]);
    const known = { hash: first.hash, dependencies: first.dependencies };
    expect(await workers.prepare({ ...input, known })).toBe('unchanged');
    expect(await workers.prepare({ ...input, known, rules: [{ allow: ['API'] }] })).not.toBe('unchanged');
    writeFileSync(join(folder, 'd.md'), 'two');
    const second = await workers.prepare({ ...input, known });
    expect(second).toMatchObject({ entities: [{ description: 'two' }] });
    rmSync(join(folder, 'd.md'));
    const third = await prepared(input);
    expect(third.problems).toMatchObject([{ path: '/metadata/description/$text', line: 5 }]);
    expect(await workers.prepare({ ...input, known: { hash: third.hash, dependencies: third.dependencies } })).toBe(
      'unchanged',
    );
  });

  it('reads placeholders of texts through the caller, several at a time', async () => {
    open({ size: 1 });
    const asked: string[] = [];
    let answer: (() => void) | undefined;
    const all = new Promise<void>((resolve) => (answer = resolve));
    const input = {
      ...asText(component('a', '  description: { $text: ./a.md }\n  title: { $text: ./b.md }\n')),
      read: async (target: string) => {
        asked.push(target);
        if (asked.length === 4) answer?.();
        await all;
        return Buffer.from(target.slice(-4));
      },
    };
    const documents = await Promise.all([prepared(input), prepared(input), prepared(asText(component('b')))]);
    expect(documents.flatMap(names)).toEqual(['a', 'a', 'b']);
    expect(documents[0]?.entities[0]).toMatchObject({ description: 'a.md', title: 'b.md' });
    expect(new Set(asked)).toEqual(new Set(['https://files.example.com/a.md', 'https://files.example.com/b.md']));
  });

  it('passes on why a placeholder cannot be read', async () => {
    open();
    const { problems } = await prepared({
      ...asText(component('a', '  description: { $text: ./a.md }\n')),
      read: () => Promise.reject(new Error('the server answered 503')),
    });
    expect(problems[0]?.message).toBe('$text failed: it could not be read: the server answered 503.');
  });

  it('reads nothing outside the root', async () => {
    open();
    mkdirSync(join(folder, 'inner'));
    const root = join(folder, 'inner');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'));
    symlinkSync(join(folder, 'outside.yaml'), join(root, 'link.yaml'));
    writeFileSync(join(folder, 'outside.yaml'), component('outside'));
    for (const target of ['../secret.txt', './link.txt', '/etc/hostname', './../inner/../secret.txt']) {
      const { entities, problems } = await prepared(
        inFile('inner/a.yaml', component('a', `  description: { $text: ${target} }\n`), root),
      );
      expect(entities).toEqual([]);
      expect(problems).toMatchObject([{ code: 'CATALOG_DESCRIPTOR_PLACEHOLDER', path: '/metadata/description/$text' }]);
      expect(problems[0]?.message).toContain('is outside');
    }
    const link = join(root, 'link.yaml');
    await expect(
      workers.prepare({ location: `file:${link}`, originLocation: 'file:x', file: { path: link, root } }),
    ).rejects.toMatchObject({ code: 'CATALOG_TARGET_OUTSIDE' });
  });

  it('rejects for a file that is not there, and for one that is too large', async () => {
    open();
    const path = join(folder, 'none.yaml');
    const input = { location: `file:${path}`, originLocation: 'file:x', file: { path, root: folder } };
    await expect(workers.prepare(input)).rejects.toMatchObject({ code: 'CATALOG_TARGET_NOT_FOUND', status: 404 });
    await expect(workers.prepare(inFile('large.yaml', Buffer.alloc(50 * 1024 * 1024, 'a: 1\n')))).rejects.toMatchObject(
      {
        code: 'CATALOG_TARGET_TOO_LARGE',
      },
    );
  });

  it('survives everything that is no descriptor', async () => {
    open();
    const bad = [
      '['.repeat(10_000),
      Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 31) % 256)),
      'a: &a [x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n',
      component('🛒'),
      '',
    ].map((text, index) => inFile(`bad-${index}.yaml`, text));
    const good = Array.from({ length: 5 }, (_, index) => inFile(`good-${index}.yaml`, component(`g${index}`)));
    const documents = await Promise.all([...bad, ...good].map(prepared));
    expect(documents.flatMap(names)).toEqual(['g0', 'g1', 'g2', 'g3', 'g4']);
    expect(documents.slice(0, 5).map(({ problems }) => problems[0]?.code)).toEqual([
      'CATALOG_YAML_TOO_DEEP',
      'CATALOG_FILE_BINARY',
      'CATALOG_DESCRIPTOR_NOT_AN_ENTITY',
      'CATALOG_DESCRIPTOR_FIELD_FORMAT',
      undefined,
    ]);
  });

  it('gives up a document that takes too long, and goes on with the others', async () => {
    open({ size: 1, deadlineMs: 400 });
    await prepared(asText(component('warm')));
    // Careful reading of eight MiB takes seconds.
    const long = `x: "\t"\n${Array.from({ length: 400_000 }, (_, index) => `k${index}: [a, b]\n`).join('')}`;
    const documents = await Promise.all([
      prepared(asText(long)),
      prepared(asText(component('a'))),
      prepared(asText(component('b'))),
    ]);
    expect(documents[0]).toMatchObject({
      entities: [],
      hash: 'unreadable:CATALOG_DOCUMENT_TIMEOUT',
      problems: [{ code: 'CATALOG_DOCUMENT_TIMEOUT', severity: 'error' }],
    });
    expect(documents.slice(1).flatMap(names)).toEqual(['a', 'b']);
  });

  it('gives up a document that needs too much memory, and goes on with the others', async () => {
    open({ size: 1, memory: 64 });
    const large = `x: "\t"\n${Array.from({ length: 300_000 }, (_, index) => `k${index}: [a, b]\n`).join('')}`;
    const documents = await Promise.all([
      prepared(asText(component('a'))),
      prepared(asText(large)),
      prepared(asText(component('b'))),
    ]);
    expect(documents[1]?.problems).toMatchObject([{ code: 'CATALOG_DOCUMENT_CRASHED' }]);
    expect([documents[0], documents[2]].flatMap(names)).toEqual(['a', 'b']);
  });

  it('ends idle threads and starts new ones', async () => {
    open({ idleMs: 20 });
    expect(names(await prepared(asText(component('a'))))).toEqual(['a']);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(names(await prepared(asText(component('b'))))).toEqual(['b']);
  });

  it('refuses work after it was closed', async () => {
    open();
    const running = workers.prepare(asText(component('a'))).catch((error: unknown) => error);
    await workers.close();
    expect(await running).toMatchObject({ code: 'CATALOG_WORKERS_CLOSED' });
    await expect(workers.prepare(asText(component('a')))).rejects.toMatchObject({
      code: 'CATALOG_WORKERS_CLOSED',
      status: 503,
    });
  });
});
