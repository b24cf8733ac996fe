type Value = unknown;

const plainText = /^[A-Za-z_/.][\w /.@+-]*$/;
const reserved = /^(true|false|null|yes|no|on|off|y|n|~|\.inf|\.nan)$/i;
const numeric = /^[.\d]/;

/** A text as a YAML scalar: bare where nobody can read it otherwise, else as JSON, which YAML understands. */
const scalar = (text: string): string => {
  const bare = plainText.test(text) && !reserved.test(text) && !numeric.test(text) && text.trim() === text;
  return bare ? text : JSON.stringify(text);
};

const isBlock = (text: string): boolean =>
  /\n./s.test(text) &&
  !/[^\n\t\x20-\x7E\u00A0-\uD7FF\uE000-\uFFFD]/u.test(text) &&
  !/^\s/.test(text) &&
  !/\t/.test(text);

const block = (text: string, indent: string): string => {
  const chomp = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-';
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${chomp}\n${lines.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n')}`;
};

const isEmpty = (value: object): boolean =>
  Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;

function write(value: Value, indent: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return isBlock(value) ? block(value, indent) : scalar(value);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isEmpty(value)) return Array.isArray(value) ? '[]' : '{}';
  if (Array.isArray(value))
    return value.map((item) => `${indent}- ${write(item, `${indent}  `).trimStart()}`).join('\n');
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => `${indent}${scalar(key)}:${child(each, indent)}`)
    .join('\n');
}

const child = (value: Value, indent: string): string => {
  const deeper = typeof value === 'object' && value !== null && !isEmpty(value);
  return deeper ? `\n${write(value, `${indent}  `)}` : ` ${write(value, `${indent}  `)}`;
};

/** Plain data as YAML that people read: two spaces, long texts as blocks. */
export const toYaml = (value: Value): string => `${write(value, '')}\n`;
