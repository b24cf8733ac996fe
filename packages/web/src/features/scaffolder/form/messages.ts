const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What the template itself says about a fault: `errorMessage`, as a text or one per word of the schema. */
function ownMessage(keyword: string, schema: Record<string, unknown>, missing: string | undefined): string | undefined {
  const own = schema['errorMessage'];
  if (typeof own === 'string') return own;
  if (!isRecord(own)) return undefined;
  const said = own[keyword];
  if (typeof said === 'string') return said;
  return isRecord(said) && missing !== undefined && typeof said[missing] === 'string' ? said[missing] : undefined;
}

const figure = (value: unknown): string => (typeof value === 'number' ? value.toLocaleString('en-US') : String(value));
const plural = (value: unknown, word: string): string => `${figure(value)} ${word}${value === 1 ? '' : 's'}`;

const types: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a group of values',
  null: 'nothing',
};

const formats: Record<string, string> = {
  email: 'an e-mail address',
  uri: 'an address such as https://example.com',
  url: 'an address such as https://example.com',
  date: 'a date',
  'date-time': 'a date with a time',
  time: 'a time',
  hostname: 'the name of a host',
  ipv4: 'an IP address',
  uuid: 'a UUID',
};

/**
 * What is wrong with a value, for the person who fills in the form.
 *
 * @param keyword - the word of JSON Schema that does not hold
 * @param schema - the schema that has it
 * @param fallback - what the validator says
 */
export function messageOf(
  keyword: string,
  schema: Record<string, unknown>,
  fallback: string,
  missing?: string,
): string {
  const own = ownMessage(keyword, schema, missing);
  if (own !== undefined) return own;
  const value = schema[keyword];
  switch (keyword) {
    case 'required':
      return 'Fill this in.';
    case 'minLength':
      return value === 1 ? 'Fill this in.' : `At least ${plural(value, 'character')}.`;
    case 'maxLength':
      return `At most ${plural(value, 'character')}.`;
    case 'minimum':
      return `${figure(value)} or more.`;
    case 'maximum':
      return `${figure(value)} or less.`;
    case 'exclusiveMinimum':
      return `More than ${figure(value)}.`;
    case 'exclusiveMaximum':
      return `Less than ${figure(value)}.`;
    case 'multipleOf':
      return `A multiple of ${figure(value)}.`;
    case 'minItems':
      return `At least ${plural(value, 'item')}.`;
    case 'maxItems':
      return `At most ${plural(value, 'item')}.`;
    case 'uniqueItems':
      return 'Each item once only.';
    case 'pattern':
      return `It has to fit the pattern ${String(value)}`;
    case 'enum':
    case 'const':
      return 'Choose one of the values on offer.';
    case 'format':
      return `It has to be ${formats[String(value)] ?? `a value of the format ${String(value)}`}.`;
    case 'type':
      return `It has to be ${[value]
        .flat()
        .map((type) => types[String(type)] ?? String(type))
        .join(' or ')}.`;
    case 'additionalProperties':
      return 'This value is not asked for.';
    default:
      return fallback;
  }
}
