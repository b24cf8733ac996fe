import { describeSchema } from './describe.ts';
import { maskValue, namesSecret } from './secrets.ts';
import { schemaLeaves } from './schema.ts';
import { nodeAt } from './tree.ts';
import type { ConfigEntry, ConfigNode, ConfigSection } from './types.ts';

const valueAt = (values: unknown, keys: string[]) => {
  let found = values;
  for (const key of keys) found = (found as Record<string, unknown> | undefined)?.[key];
  return found;
};

/** Lists every key with its value, secrets masked, and where the value comes from. */
export function explainKeys(sections: ConfigSection[], values: unknown, root?: ConfigNode): ConfigEntry[] {
  return schemaLeaves(sections).map(({ keys, schema, owner }) => {
    const place = root && nodeAt(root, keys);
    const set = place?.found && !(place.node.kind === 'scalar' && place.node.value === null);
    const { file, line, column, source } = place?.node ?? {};
    const secret = schema.secret === true || namesSecret(keys.at(-1) ?? '');
    return {
      key: keys.join('.'),
      value: maskValue(valueAt(values, keys), secret),
      default: schema.default,
      origin: set ? { file, line, column, source } : 'default',
      owner,
      type: describeSchema(schema),
      description: schema.description ?? '',
    };
  });
}
