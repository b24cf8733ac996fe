import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { substitute } from './substitute.ts';
import { faultsBelow, nodeAt, readTree } from './tree.ts';
import type { ConfigNode } from './types.ts';

/** The plain value of a node; parts with faults are undefined. */
function toValue(node: ConfigNode): unknown {
  if (node.kind === 'fault') return undefined;
  if (node.kind === 'list') return node.items.map(toValue);
  if (node.kind === 'map')
    return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toValue(entry.node)]));
  return node.value;
}

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'callboard-config-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string | Buffer): void {
  const file = join(directory, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

const env = { SECRET: 'my-secret', TOKEN: ' my-token ', EMPTY: '', FILE: 'part' };

function read(text: string) {
  const file = join(directory, 'callboard.yaml');
  const { root, faults } = readTree(file, text);
  if (!root || faults.length > 0) throw new Error(JSON.stringify(faults));
  const node = substitute(root, { env, directory, files: [file] });
  return { node, value: toValue(node), faults: faultsBelow(node) };
}

const messages = (text: string) => read(text).faults.map((fault) => `${fault.path}: ${fault.message}. ${fault.fix}`);

// The cases of Backstage's own loader, with a missing variable as a fault instead of a silent absence.
describe('${VAR}', () => {
  test.each([
    ['hello ${SECRET}', 'hello my-secret'],
    ['${SECRET      } $${} ${TOKEN }', 'my-secret ${} my-token'],
    ['${SECRET}${SECRET}', 'my-secretmy-secret'],
    ['foo ${SECRET} $$${ESCAPE_ME}', 'foo my-secret $${ESCAPE_ME}'],
    ['foo $${ESCAPE_ME} $$${ESCAPE_ME_TOO} $${}', 'foo ${ESCAPE_ME} $${ESCAPE_ME_TOO} ${}'],
    ['a${EMPTY}b', 'ab'],
    ['${MISSING:-other}', 'other'],
    ['${EMPTY:-other}', 'other'],
    ['${SECRET:-other}', 'my-secret'],
    ['https://${MISSING:-localhost:3000}/x', 'https://localhost:3000/x'],
    ['${MISSING:-}', ''],
    ['$NOT_THIS {nor} $(that)', '$NOT_THIS {nor} $(that)'],
  ])('%j is %j', (text, value) => {
    expect(read(`key: ${JSON.stringify(text)}`).value).toEqual({ key: value });
  });

  test('works in lists and groups, and leaves other values alone', () => {
    expect(read('a: [1, true, null, "${SECRET}", { b: "${TOKEN}" }]').value).toEqual({
      a: [1, true, null, 'my-secret', { b: 'my-token' }],
    });
  });

  test('a missing variable is a fault', () => {
    expect(messages('a: { b: ["x ${MISSING} ${SECRET}"] }')).toEqual([
      'a.b[0]: the environment variable MISSING is not set. Set MISSING, or give a value to use without it: ${MISSING:-value}.',
    ]);
    expect(messages('a: "${}"')).toEqual([
      'a: there is a ${} without a name. Write the name of an environment variable between the braces, or $${} for the characters themselves.',
    ]);
  });
});

describe('$env', () => {
  test('reads a variable', () => {
    expect(read('a: { $env: TOKEN }\nb: { $env: "SEC${MISSING:-RET}" }\nc: { $env: EMPTY }').value).toEqual({
      a: 'my-token',
      b: 'my-secret',
      c: '',
    });
  });

  test('faults', () => {
    expect(messages('a: { $env: MISSING }\nb: { $env: SECRET, c: 1 }\nc: { $env: [1] }')).toEqual([
      'a: the environment variable MISSING is not set. Set MISSING, or write "${MISSING:-value}" instead of $env to give a value to use without it.',
      'b: $env stands beside other keys. Leave $env alone in its group, or remove it.',
      'c: $env needs the name of an environment variable. Write $env: MY_VARIABLE.',
    ]);
  });
});

describe('$file', () => {
  test('reads the text of a file without the white space at its end', () => {
    write('secrets/a.txt', ' geheim \n\n');
    expect(read('a: { $file: secrets/a.txt }').value).toEqual({ a: ' geheim' });
  });

  test('faults', () => {
    expect(messages('a: { $file: none.txt }\nb: { $file: . }')).toEqual([
      `a: the file none.txt does not exist. Correct the path; it starts at ${directory}.`,
      `b: the file . is a folder. Correct the path; it starts at ${directory}.`,
    ]);
  });
});

describe('$include', () => {
  test('reads a part of another file, whose own paths start at its folder', () => {
    write(
      'sub/part.yaml',
      'deployment:\n  key: "${SECRET}"\n  port: 80\n  text: { $file: a.txt }\nmore: { $include: ../list.json }\n',
    );
    write('sub/a.txt', 'from sub');
    write('list.json', '[1, { "x": "${TOKEN}" }]');
    expect(
      read(
        'a: { $include: "sub/${FILE}.yaml#deployment" }\nb: { $include: sub/part.yaml }\nc: { $include: sub/part.yaml#deployment.port }',
      ).value,
    ).toEqual({
      a: { key: 'my-secret', port: 80, text: 'from sub' },
      b: { deployment: { key: 'my-secret', port: 80, text: 'from sub' }, more: [1, { x: 'my-token' }] },
      c: 80,
    });
  });

  test('what is included keeps its own place, under the key where it is included', () => {
    write('part.yml', '# first\nx:\n  y: 1\n');
    const { node } = nodeAt(read('a:\n  b: { $include: part.yml#x }').node, ['a', 'b', 'y']);
    expect(node).toMatchObject({ path: 'a.b.y', file: join(directory, 'part.yml'), line: 3, column: 6 });
  });

  test('the whole file may be an include', () => {
    write('all.yaml', 'a: 1');
    expect(read('$include: all.yaml').value).toEqual({ a: 1 });
  });

  test('faults', () => {
    write('bad.yaml', 'ok: 1\n  bad: 2\n');
    write('circle.yaml', 'x: { $include: circle.yaml }');
    write('note.txt', 'x');
    write('large.yaml', Buffer.alloc(5_000_001, 0x20));
    const faults = read(
      'a: { $include: none.yaml }\nb: { $include: bad.yaml }\nc: { $include: circle.yaml }\nd: { $include: note.txt }\ne: { $include: circle.yaml#y }\nf: { $include: large.yaml }',
    ).faults;
    expect(faults.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'a: the file none.yaml does not exist',
      'b: two keys stand on one line',
      'b: a line holds neither a key with a value nor a list item',
      'c.x: circle.yaml includes itself',
      'd: $include cannot read note.txt',
      'e: there is nothing at y in circle.yaml',
      'f: the file large.yaml is larger than 5 MB',
    ]);
    expect(faults[1]).toMatchObject({ file: join(directory, 'bad.yaml'), line: 1 });
    expect(faults[2]).toMatchObject({ file: join(directory, 'bad.yaml'), line: 1, column: 5 });
  });
});
