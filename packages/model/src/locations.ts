import { RefError } from './refs.ts';

/** Where something stands: a type of reading, and its target. */
export type LocationRef = { type: string; target: string };

// Browsers ignore leading controls and blanks, and line breaks anywhere, in front of a script address.
const isScriptTarget = (target: string) => {
  let start = 0;
  while (start < target.length && target.charCodeAt(start) <= 0x20) start += 1;
  return target
    .slice(start, start + 64)
    .replace(/[\r\n\t]/g, '')
    .toLowerCase()
    .startsWith('javascript:');
};

/**
 * Reads `<type>:<target>`, such as `url:https://host/path` or `file:/path`.
 *
 * @throws RefError when a part is empty, the type is a web scheme, or the target is a script
 */
export function parseLocationRef(text: string): LocationRef {
  const colon = text.indexOf(':');
  const type = colon < 0 ? '' : text.slice(0, colon).trim();
  const target = colon < 0 ? '' : text.slice(colon + 1).trim();
  if (!type || !target)
    throw new RefError(
      `Unable to parse location ref '${text}', expected '<type>:<target>', e.g. 'url:https://host/path'`,
    );
  if (type === 'http' || type === 'https')
    throw new RefError(`Invalid location ref '${text}', please prefix it with 'url:', e.g. 'url:${text}'`);
  if (isScriptTarget(target)) throw new RefError(`Invalid location ref '${text}', target is a javascript: URL`);
  return { type, target };
}

/**
 * Writes `<type>:<target>`.
 *
 * @throws RefError when a part is empty or the target is a script
 */
export function stringifyLocationRef(ref: LocationRef): string {
  if (!ref.type) throw new RefError('Unable to stringify location ref, empty type');
  if (!ref.target) throw new RefError('Unable to stringify location ref, empty target');
  if (isScriptTarget(ref.target))
    throw new RefError(`Invalid location ref '${ref.type}:${ref.target}', target is a javascript: URL`);
  return `${ref.type}:${ref.target}`;
}
