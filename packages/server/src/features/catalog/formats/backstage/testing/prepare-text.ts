import { prepare, type PreparedDocument, type PrepareInput } from '../prepare.ts';

/** Prepares a text as if it stood in a repository on the web; `files` are what its placeholders may read, by target. */
export function prepareText(
  text: string | Uint8Array,
  options: Partial<Omit<PrepareInput, 'text'>> & { files?: Record<string, string | Uint8Array> } = {},
): Promise<PreparedDocument> {
  const { files = {}, ...input } = options;
  const location = input.location ?? 'url:https://github.com/acme/shop/blob/main/catalog-info.yaml';
  return prepare({
    location,
    originLocation: location,
    settings: {},
    text,
    read: async (target) => {
      const content = files[target];
      if (content === undefined) throw new Error(`${target} is not there`);
      return typeof content === 'string' ? Buffer.from(content) : content;
    },
    ...input,
  });
}
