import type { JsonValue } from '@callboard/model';

const shortest = 3;

/** Hides texts that must not be seen, also inside others and in the usual encodings. */
export type Redactor = { add(...texts: string[]): void; hide(text: string): string };

const encodings = (text: string) => {
  const base64 = Buffer.from(text).toString('base64');
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(text).toString('base64url'),
    Buffer.from(text).toString('hex'),
  ];
};

/** Makes a redactor; texts shorter than three characters are too common to hide. */
export function createRedactor(texts: string[] = []): Redactor {
  const hidden = new Set<string>();
  let ordered: string[] = [];
  const redactor: Redactor = {
    add(...more) {
      for (const text of more.map((each) => each.trim())) {
        if (text.length < shortest) continue;
        for (const form of encodings(text)) hidden.add(form);
        for (const line of text.split('\n'))
          if (line.trim().length >= shortest && text.includes('\n')) hidden.add(line.trim());
      }
      // The longest first, so that no rest of one is left.
      ordered = [...hidden].sort((one, other) => other.length - one.length);
    },
    hide: (text) => ordered.reduce((rest, each) => rest.replaceAll(each, '***'), text),
  };
  redactor.add(...texts);
  return redactor;
}

/** The texts in `withSecrets` that are not the same without them: what was made of a secret. */
export function derivedSecrets(withSecrets: JsonValue | undefined, without: JsonValue | undefined): string[] {
  if (typeof withSecrets === 'string') return withSecrets === without ? [] : [withSecrets];
  if (Array.isArray(withSecrets))
    return withSecrets.flatMap((item, index) =>
      derivedSecrets(item, Array.isArray(without) ? without[index] : undefined),
    );
  if (typeof withSecrets !== 'object' || withSecrets === null) return [];
  const other = typeof without === 'object' && without !== null && !Array.isArray(without) ? without : {};
  return Object.entries(withSecrets).flatMap(([key, value]) => derivedSecrets(value, other[key]));
}
