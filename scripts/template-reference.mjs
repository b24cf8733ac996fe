/** Writes the reference of what templates can use: actions with inputs and outputs, filters and functions. */
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const note = '<!-- Written by `npm run generate`; change the code, not this page. -->';
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').replaceAll('<', '&lt;').trim();
const code = (text) => `\`${String(text).replaceAll('|', '\\|')}\``;
const table = (heads, rows) =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const typeOf = (schema) => {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(', ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  return [schema.type ?? 'anything'].flat().join(' or ');
};

const fieldTable = (schema, heads) =>
  table(
    heads,
    Object.entries(schema.properties ?? {}).map(([name, field]) => [
      `${code(name)}${schema.required?.includes(name) ? ' *' : ''}`,
      cell(typeOf(field)),
      cell(field.description ?? ''),
    ]),
  );

function actionPart({ id, description, schema, examples = [], supportsDryRun, plan }) {
  const dry = supportsDryRun
    ? 'Runs in a dry run.'
    : `In a dry run ${plan ? 'it is told in words' : 'it is passed over'}.`;
  return [
    `### ${id}`,
    `${description} ${dry}`,
    Object.keys(schema.input.properties ?? {}).length > 0
      ? fieldTable(schema.input, ['Input', 'Type', 'What it is'])
      : '',
    schema.output ? fieldTable(schema.output, ['Output', 'Type', 'What it is']) : '',
    ...examples.map(
      ({ description: title, example }) =>
        `${title}:\n\n\`\`\`yaml\naction: ${id}\ninput:\n${example.replaceAll(/^/gm, '  ')}\n\`\`\``,
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const wordTable = (words) =>
  table(
    ['Name', 'What it does', 'Example'],
    Object.entries(words).map(([name, { description, examples, isOurs }]) => [
      code(name),
      cell(`${description}${isOurs ? ' Not in Backstage.' : ''}`),
      examples.map(({ example, notes }) => `${code(example)}${notes ? ` ${cell(notes)}` : ''}`).join(' '),
    ]),
  );

/** @param root - of the repository */
export async function templateReference(root) {
  const from = (file) => import(pathToFileURL(join(root, 'packages/server/src/features/scaffolder', file)).href);
  const { createActions } = await from('index.ts');
  const { filterWords, functionWords } = await from('language/filters.ts');
  return [
    '# Templates: actions, filters, functions',
    note,
    'What the steps of a template can use; [the guide](../guide/templates.md) says how. An input with a star is needed.',
    '## Actions',
    ...createActions().all().map(actionPart),
    '## Filters',
    'Besides those of the language itself: abs, batch, capitalize, center, default, dictsort, dump, escape, first, float, forceescape, groupby, indent, int, join, last, length, list, lower, nl2br, random, reject, rejectattr, replace, reverse, round, safe, select, selectattr, slice, sort, string, striptags, sum, title, trim, truncate, upper, urlencode, urlize, wordcount.',
    wordTable(filterWords),
    '## Functions',
    wordTable(functionWords),
  ].join('\n\n');
}
