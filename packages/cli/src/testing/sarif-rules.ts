/** The rules of the SARIF 2.1.0 schema for the parts of a log that callboard writes, and what in a log breaks them. */

type Rule = (value: unknown, path: string) => string[];

const is =
  (description: string, test: (value: any) => boolean): Rule =>
  (value, path) =>
    test(value) ? [] : [`${path}: ${description} expected`];

const text = is('text', (value) => typeof value === 'string');
const address = is(
  'a URI reference',
  (value) => typeof value === 'string' && /^[^\s<>"{}|\\^`]*$/.test(value) && URL.canParse(value, 'file:///'),
);
const positive = is('an integer from 1', (value) => Number.isInteger(value) && value >= 1);
const index = is('an integer from 0', (value) => Number.isInteger(value) && value >= 0);
const oneOf = (...values: unknown[]) => is(values.join(' or '), (value) => values.includes(value));

const list =
  (item: Rule): Rule =>
  (value, path) =>
    Array.isArray(value)
      ? value.flatMap((part, position) => item(part, `${path}[${position}]`))
      : [`${path}: a list expected`];

/** An object with these properties and no others; a name that ends with `!` is required. */
const object =
  (properties: Record<string, Rule>): Rule =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: an object expected`];
    const entries = value as Record<string, unknown>;
    const rules = Object.fromEntries(Object.entries(properties).map(([name, rule]) => [name.replace('!', ''), rule]));
    const missing = Object.keys(properties).filter(
      (name) => name.endsWith('!') && entries[name.slice(0, -1)] === undefined,
    );
    return [
      ...missing.map((name) => `${path}: ${name} missing`),
      ...Object.entries(entries).flatMap(([name, part]) =>
        rules[name] ? rules[name](part, `${path}/${name}`) : [`${path}: ${name} is not in the schema`],
      ),
    ];
  };

const message = object({ 'text!': text });
const level = oneOf('none', 'note', 'warning', 'error');
const artifactLocation = object({ uri: address, uriBaseId: text });

const rule = object({
  'id!': text,
  name: text,
  shortDescription: message,
  help: message,
  defaultConfiguration: object({ level }),
});

const result = object({
  ruleId: text,
  ruleIndex: index,
  level,
  'message!': message,
  locations: list(
    object({
      physicalLocation: object({ artifactLocation, region: object({ startLine: positive, startColumn: positive }) }),
      logicalLocations: list(object({ fullyQualifiedName: text, kind: text })),
    }),
  ),
});

const log = object({
  $schema: address,
  'version!': oneOf('2.1.0'),
  'runs!': list(
    object({
      'tool!': object({
        'driver!': object({
          'name!': text,
          version: text,
          semanticVersion: is('a semantic version', (value) => /^\d+\.\d+\.\d+/.test(value)),
          rules: list(rule),
        }),
      }),
      originalUriBaseIds: object({
        '%SRCROOT%': object({
          uri: is('an absolute URI that ends with a slash', (value) => URL.canParse(value) && value.endsWith('/')),
        }),
      }),
      columnKind: oneOf('utf16CodeUnits', 'unicodeCodePoints'),
      results: list(result),
    }),
  ),
});

/** What the schema cannot say: each result names a rule of its run. */
function strayRules(value: any): string[] {
  return value.runs.flatMap(({ tool, results }: any) =>
    results
      .filter(({ ruleId, ruleIndex }: any) => tool.driver.rules[ruleIndex]?.id !== ruleId)
      .map(({ ruleId }: any) => `no rule ${ruleId}`),
  );
}

export function sarifFaults(value: unknown): string[] {
  const faults = log(value, '');
  return faults.length > 0 ? faults : strayRules(value);
}
