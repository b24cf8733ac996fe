import { WebUrl } from './platform.ts';

/** A rule for one text: what it must look like, and the sentence that says so. */
export type TextFormat = { valid(value: string): boolean; expected: string };

const bounded = (pattern: RegExp, limit: number) => (value: string) => value.length <= limit && pattern.test(value);

const isObjectName = bounded(/^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/, 63);
const isDnsLabel = bounded(/^[a-z0-9]+(?:-+[a-z0-9]+)*$/, 63);
const isDnsSubdomain = (value: string) => value.length <= 253 && value.split('.').every(isDnsLabel);
const isVersionSuffix = bounded(/^[a-z0-9A-Z]+$/, 63);

const prefixed = (isSuffix: (value: string) => boolean) => (value: string) => {
  const parts = value.split('/');
  if (parts.length === 1) return isSuffix(parts[0]!);
  return parts.length === 2 && isDnsSubdomain(parts[0]!) && isSuffix(parts[1]!);
};

const name = 'letters, digits, "-", "_" and ".", beginning and ending with a letter or digit, at most 63 characters';

/** The text formats of an entity's envelope. */
export const textFormats = {
  apiVersion: { valid: prefixed(isVersionSuffix), expected: 'a version such as "backstage.io/v1alpha1"' },
  kind: {
    valid: bounded(/^[a-zA-Z][a-z0-9A-Z]*$/, 63),
    expected: 'a letter followed by letters and digits, at most 63 characters',
  },
  name: { valid: isObjectName, expected: name },
  namespace: {
    valid: isDnsLabel,
    expected: 'lower-case letters, digits and "-", beginning and ending with a letter or digit, at most 63 characters',
  },
  key: {
    valid: prefixed(isObjectName),
    expected: `a name, or a lower-case domain, "/" and a name (a name is ${name})`,
  },
  labelValue: { valid: (value: string) => value === '' || isObjectName(value), expected: `nothing, or ${name}` },
  tag: {
    valid: bounded(/^[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*$/, 63),
    expected: 'lower-case letters, digits, ":", "+" and "#" in parts joined by single "-", at most 63 characters',
  },
  url: {
    valid: (value: string) => WebUrl.canParse(value),
    expected: 'an absolute URL such as "https://example.com/page"',
  },
  nonBlank: { valid: (value: string) => value.trim().length > 0, expected: 'a text that is not blank' },
} satisfies Record<string, TextFormat>;
