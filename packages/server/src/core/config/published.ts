import { explainKeys } from './explain.ts';
import { reservedRoots } from './formats/backstage.ts';
import { mergeSections, publishedSchema, withDefaults } from './schema.ts';
import { coreSections } from './sections.ts';
import type { ConfigEntry, ConfigSection, PlainSchema } from './types.ts';

/**
 * The JSON Schema of callboard.yaml, for editors and `docs/reference/callboard.schema.json`.
 *
 * @param sections - the sections of the features; core's own are added
 */
export function configurationSchema(sections: readonly ConfigSection[]): PlainSchema {
  return publishedSchema([...coreSections, ...sections], reservedRoots());
}

/** Every key with its type, default and meaning, for `docs/reference/configuration.md`. */
export function configurationKeys(sections: readonly ConfigSection[]): ConfigEntry[] {
  const all = [...coreSections, ...sections];
  return explainKeys(all, withDefaults(mergeSections(all), {}));
}
