import { createRequire } from 'node:module';
import { type EntityRef, parseEntityRef } from '@callboard/model/refs';
import type { TemplateFilter, TemplateValue } from 'nunjitsu';
import { type KnownHost, parseRepoUrl } from '../formats/backstage/repo-url.ts';
import { words } from '../words.ts';

/** Few templates ask for YAML, and every process that renders would wait for it. */
const yaml = () => createRequire(import.meta.url)('yaml') as typeof import('yaml');

/** A filter or function of the template language, as its reference shows it. */
export type LanguageWord = {
  description: string;
  examples: { example: string; notes: string }[];
  /** not known to the scaffolder that templates were written for */
  isOurs?: boolean;
};

const text = (value: TemplateValue | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** Reads `a.b[0]` of plain data, own properties only. */
function valueAt(value: unknown, path: unknown): TemplateValue | undefined {
  const own = (from: unknown, key: string) =>
    from !== null && from !== undefined && Object.hasOwn(Object(from), key)
      ? (Object(from) as Record<string, unknown>)[key]
      : undefined;
  const whole = String(path);
  const direct = own(value, whole);
  if (direct !== undefined) return direct as TemplateValue;
  const keys = whole.split(/[.[\]'"]+/).filter((key) => key !== '');
  return keys.reduce<unknown>(own, value) as TemplateValue | undefined;
}

const entityRef = (value: unknown, context: unknown): EntityRef => {
  const { defaultKind, defaultNamespace } = (context ?? {}) as { defaultKind?: string; defaultNamespace?: string };
  if (typeof value !== 'object' || value === null)
    return parseEntityRef(String(value), { defaultKind, defaultNamespace });
  const { kind = defaultKind, namespace = defaultNamespace ?? 'default', name } = value as Partial<EntityRef>;
  if (!kind || !name) throw new Error('an entity reference needs a kind and a name');
  return { kind, namespace, name };
};

const plain = (value: object) => ({ ...value }) as TemplateValue;

/** The filters that are added to the language's own. */
export const filters = ({
  hosts,
  time,
}: {
  hosts: readonly KnownHost[];
  time?: string;
}): Record<string, TemplateFilter> => ({
  parseRepoUrl: (value) => plain(parseRepoUrl(value, hosts)),
  parseEntityRef: (value, context) => plain(entityRef(value, context)),
  pick: (value, path) => valueAt(value, path),
  projectSlug(value) {
    const { owner, repo } = parseRepoUrl(value, hosts);
    return `${owner}/${repo}`;
  },
  // What templates use although the language does not have it.
  yaml: (value, indent) => yaml().stringify(value, { indent: typeof indent === 'number' ? indent : 2, lineWidth: 0 }),
  fromYaml: (value) => yaml().parse(text(value), { maxAliasCount: 50 }) as TemplateValue,
  fromJson: (value) => JSON.parse(text(value)) as TemplateValue,
  tojson: (value, indent) => JSON.stringify(value ?? null, null, typeof indent === 'number' ? indent : 0),
  split: (value, separator) => text(value).split(separator === undefined ? /\s+/ : words(separator)),
  replaceAll: (value, from, to) => text(value).replaceAll(words(from), () => words(to)),
  map: (value, attribute) => (Array.isArray(value) ? value.map((item) => valueAt(item, attribute) ?? null) : []),
  unique: (value) => (Array.isArray(value) ? [...new Set(value)] : []),
  fixed: (value, digits) => Number(value).toFixed(Math.min(Math.max(Number(digits ?? 0), 0), 20)),
  now: () => time ?? new Date().toISOString(),
});

const entry = (
  name: string,
  description: string,
  example: string,
  notes: string,
  isOurs = false,
): [string, LanguageWord] => [name, { description, examples: [{ example, notes }], ...(isOurs ? { isOurs } : {}) }];

/** What the reference says of the filters that are added to the language's own. */
export const filterWords: Record<string, LanguageWord> = Object.fromEntries([
  entry(
    'parseRepoUrl',
    'Takes the value of a repository picker apart.',
    '${{ parameters.repoUrl | parseRepoUrl | pick("repo") }}',
    'The host must be known or configured under `integrations`.',
  ),
  entry(
    'parseEntityRef',
    'Takes an entity reference apart into kind, namespace and name.',
    '${{ parameters.owner | parseEntityRef({ defaultKind: "group" }) | pick("name") }}',
    '`group:default/web` gives `web`.',
  ),
  entry('pick', 'One part of an object, by its path.', '${{ steps.read.output.content | pick("a.b[0]") }}', ''),
  entry(
    'projectSlug',
    'Owner and repository of a repository picker.',
    '${{ parameters.repoUrl | projectSlug }}',
    'Gives `owner/repository`.',
  ),
  entry('yaml', 'Data as YAML.', '${{ values.labels | yaml }}', '', true),
  entry('fromYaml', 'Data from YAML.', '${{ values.text | fromYaml }}', '', true),
  entry('fromJson', 'Data from JSON.', '${{ values.text | fromJson }}', '', true),
  entry('tojson', 'Data as JSON.', '${{ values.labels | tojson(2) }}', 'The same as `dump`.', true),
  entry('split', 'A text in pieces.', '${{ values.names | split(",") }}', '', true),
  entry('replaceAll', 'Every occurrence replaced.', '${{ values.name | replaceAll("-", "_") }}', '', true),
  entry('map', 'One part of each item of a list.', '${{ values.owners | map("name") | join(", ") }}', '', true),
  entry('unique', 'A list without repetitions.', '${{ values.tags | unique }}', '', true),
  entry('fixed', 'A number with so many digits.', '${{ values.share | fixed(2) }}', '', true),
  entry(
    'now',
    'The time in UTC.',
    '${{ "" | now }}',
    'Never the same twice: leave it out of files that are compared.',
    true,
  ),
]);

/** What the reference says of the functions that the steps' conditions have. */
export const functionWords: Record<string, LanguageWord> = {
  always: {
    description: 'In a step’s `if`: the step runs also after another one failed.',
    examples: [{ example: 'if: ${{ always() }}', notes: '' }],
  },
  failure: {
    description: 'In a step’s `if`: the step runs only after another one failed.',
    examples: [{ example: 'if: ${{ failure() }}', notes: '' }],
  },
};
