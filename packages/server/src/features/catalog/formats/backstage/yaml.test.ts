import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isJsonObject } from '@callboard/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readYaml, yamlReaders } from './yaml.ts';
import { needsCarefulReading } from './yaml-scan.ts';

const limits = { depth: 200, documents: 10_000 };
const examples = fileURLToPath(new URL('../../../../../../../examples', import.meta.url));

const yamlFiles = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path))
    .sort()
    .map((path) => readFileSync(join(folder, path), 'utf8'))
    .filter((text) => text.length < 100_000);

/** Real texts: the example company, and any folder given by TEST_DESCRIPTORS. */
const texts = [examples, ...(process.env.TEST_DESCRIPTORS ? [process.env.TEST_DESCRIPTORS] : [])].flatMap(yamlFiles);

/** Compares the two readers on a text that the quick one accepts; tells whether it does. */
function agree(text: string): boolean {
  if (needsCarefulReading(text)) return false;
  const quick = yamlReaders.readQuickly(text, limits);
  if (!quick) return false;
  const careful = yamlReaders.readCarefully(text, limits);
  const summary = ({ documents, faults }: typeof quick) => ({
    faults,
    documents: documents.map((document) => ({
      // As text: how it is stored, with its keys in order.
      value: JSON.stringify(document.value ?? null),
      faults: document.faults,
      // Only what may be an entity has a place that matters.
      line: isJsonObject(document.value) ? document.line : 0,
    })),
  });
  expect(summary(quick)).toEqual(summary(careful));
  return true;
}

describe('the two readers agree', () => {
  it('on every real text', () => {
    expect(texts.length).toBeGreaterThan(40);
    const read = texts.filter(agree).length;
    expect(read).toBeGreaterThan(texts.length / 2);
  });

  it('on generated values in every style', () => {
    const value = fc.object({
      maxDepth: 3,
      maxKeys: 4,
      key: fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 8 }),
        fc.constantFrom('name', 'true', 'null', '1', '01', 'a b', '-', '#a'),
      ),
      values: [
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.constantFrom(
          'yes',
          'no',
          '010',
          '1e3',
          '0x1F',
          '0o17',
          '2020-01-01',
          '~',
          'null',
          ' a',
          'a ',
          'a: b',
          'a #b',
          '- a',
          'a\nb\n',
          '\n',
          '+1',
          '.5',
          '1_000',
          '12:30',
        ),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      ],
    });
    const style = fc.record({
      collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
      defaultStringType: fc.constantFrom(
        'PLAIN' as const,
        'QUOTE_DOUBLE' as const,
        'QUOTE_SINGLE' as const,
        'BLOCK_LITERAL' as const,
        'BLOCK_FOLDED' as const,
      ),
      indent: fc.integer({ min: 1, max: 6 }),
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 20, 80),
    });
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), style, (values, options) => {
        const text = values.map((each) => stringify(each, options)).join('---\n');
        if (agree(text)) accepted += 1;
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it.each([
    'a: 1e999\n',
    '1e312345678901234567890: a\n',
    '"a":-.5E+0400\n',
    '{"a":1e400}\n',
    '- [1.e309, -1e309]\n',
    `a: ${'9'.repeat(400)}\n`,
    `a: 0x${'f'.repeat(300)}\n`,
    `a: 0o${'7'.repeat(400)}\n`,
    `a: ${'9'.repeat(250)}e99\n`,
    `a: ${'9'.repeat(199)}e99\n`,
    'a: 1e308\n',
  ])('on numbers that are as large as numbers get: %s', (text) => {
    agree(text);
    const { documents } = yamlReaders.readCarefully(text, limits);
    expect(readYaml(text, limits).documents.map(({ value }) => value)).toEqual(documents.map(({ value }) => value));
  });

  it('on real texts with mistakes', () => {
    const piece = fc.constantFrom(
      ...[
        ' ',
        '  ',
        '\n',
        '\n  ',
        '\n- ',
        ': ',
        '- ',
        '"',
        "'",
        '[',
        ']',
        '{',
        '}',
        ',',
        '#',
        ' #',
        '|\n',
        '>\n',
        '\\',
        '1',
        '-',
        '---\n',
      ],
      ...[
        'key: v\n',
        '"a": b',
        '~',
        'null',
        '0x1f',
        '0o17',
        '1e3',
        '010',
        '1.',
        '.5',
        'true',
        '| ',
        '>-\n',
        '|2\n',
        '\n\n',
        '\r\n',
        'é',
        '%',
        '@',
      ],
      ...[
        '`',
        '=',
        'yes',
        '\\n',
        '\\x41',
        "''",
        '-\n',
        ':\n',
        '12345678901234567890',
        '-0',
        '"\\/"',
        "\n '",
        ' \n',
        '\uFEFF',
        '\t',
        '&a ',
        '*a',
        '!t ',
      ],
    );
    const edit = fc.tuple(fc.nat(), fc.nat(8), piece);
    const documents = texts.flatMap((text) => text.split(/^---$/m)).filter((text) => text.length < 5000);
    const excerpt = fc.constantFrom(...documents);
    let accepted = 0;
    fc.assert(
      fc.property(excerpt, fc.array(edit, { minLength: 1, maxLength: 4 }), (start, edits) => {
        let text = start;
        for (const [at, removed, added] of edits) {
          const position = at % (text.length + 1);
          text = text.slice(0, position) + added + text.slice(position + removed);
        }
        if (agree(text)) accepted += 1;
      }),
      { numRuns: 4000 },
    );
    expect(accepted).toBeGreaterThan(300);
  }, 60_000);
});

describe('readYaml', () => {
  it.each([
    ['yes', 'yes'],
    ['010', 10],
    ['0o17', 15],
    ['0x1f', 31],
    ['1e3', 1000],
    ['2020-01-01', '2020-01-01'],
    ['12:30', '12:30'],
    ['~', null],
    ['True', true],
    ['"\\u00e9"', 'é'],
  ])('reads %s as Backstage does', (text, value) => {
    expect(readYaml(`a: ${text}\n`, limits).documents.map((document) => document.value)).toEqual([{ a: value }]);
  });

  it('does not apply merge keys, and copies aliases', () => {
    const { documents } = readYaml('a: &x {k: 1}\nb: *x\nc:\n  <<: *x\n', limits);
    expect(documents[0]?.value).toEqual({ a: { k: 1 }, b: { k: 1 }, c: { '<<': { k: 1 } } });
  });

  it('keeps the good documents beside a broken one', () => {
    const { documents } = readYaml('a: 1\n---\nb: 2\nb: 3\n---\nc: 4\n', limits);
    expect(documents.map(({ value, line }) => [value, line])).toEqual([
      [{ a: 1 }, 1],
      [undefined, 3],
      [{ c: 4 }, 6],
    ]);
    expect(documents[1]?.faults).toEqual([
      {
        line: 4,
        column: 1,
        code: 'CATALOG_YAML_SYNTAX',
        message: 'YAML: Map keys must be unique.',
        fix: 'Keep one of the two lines.',
      },
    ]);
  });

  it('finds every mistake of a document', () => {
    const { documents } = readYaml('a: b: c\nd: "x" y\n', limits);
    expect(documents[0]?.faults.map(({ line }) => line)).toEqual([1, 2]);
  });

  it('counts the lines of documents', () => {
    const { documents } = readYaml('# first\n\na: 1\n---\n# second\n\nb: 2\n---\n---\nc: 3\n', limits);
    expect(documents.filter(({ value }) => value !== null).map(({ line }) => line)).toEqual([3, 7, 10]);
  });

  it.each([
    ['lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['maps', `a: ${'{a: '.repeat(10_000)}${'}'.repeat(10_000)}`],
    ['unclosed lists', `a: ${'['.repeat(10_000)}`],
    ['compact lists', `${'- '.repeat(10_000)}x`],
    ['indented maps', Array.from({ length: 3_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['lists with an anchor', `x: &a 1\ny: ${'['.repeat(10_000)}${']'.repeat(10_000)}`],
  ])('refuses deep %s at once', (_, text) => {
    const { documents, faults } = readYaml(text, limits);
    expect(documents).toEqual([]);
    expect(faults).toMatchObject([
      { code: 'CATALOG_YAML_TOO_DEEP', message: 'The document is nested deeper than 200 levels.' },
    ]);
  });

  it('refuses a depth that stands behind another mistake', () => {
    const { documents } = readYaml(`x: "a" b\ny: ${'['.repeat(10_000)}${']'.repeat(10_000)}`, limits);
    expect(documents[0]?.value).toBeUndefined();
    expect(documents[0]?.faults[0]).toMatchObject({ line: 1, code: 'CATALOG_YAML_SYNTAX' });
  });

  it('refuses a bomb of aliases', () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [index, name] of 'bcdefghi'.split('').entries()) {
      const before = `*${'abcdefgh'[index]}`;
      lines.push(`${name}: &${name} [${Array(9).fill(before).join(',')}]`);
    }
    const { documents } = readYaml(lines.join('\n'), limits);
    expect(documents[0]?.faults).toMatchObject([{ code: 'CATALOG_YAML_ALIASES', line: 1 }]);
  });

  it('refuses an alias that contains itself', () => {
    expect(readYaml('a: &a\n  b: *a\n', limits).documents[0]?.faults).toHaveLength(1);
  });

  it('refuses too many documents', () => {
    expect(readYaml('a: 1\n---\n'.repeat(6), { depth: 200, documents: 5 }).faults).toMatchObject([
      { code: 'CATALOG_YAML_TOO_MANY_DOCUMENTS' },
    ]);
  });
});
