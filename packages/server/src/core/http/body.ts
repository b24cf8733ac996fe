import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import type { AppError } from '../errors/index.ts';
import { httpErrors } from './errors.ts';
import { limits } from './limits.ts';

/** Deepest nesting of a JSON text, without parsing it: a parser would already have paid for the depth. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x5b || character === 0x7b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (character === 0x5d || character === 0x7d) depth -= 1;
  }
  return deepest;
}

/** Whether a parsed value has a key by which code that merges objects can be made to change all objects. */
function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  for (const [key, child] of Object.entries(value)) {
    if (key === '__proto__') return true;
    if (key === 'constructor' && typeof child === 'object' && child !== null && Object.hasOwn(child, 'prototype'))
      return true;
    if (hasForbiddenKey(child)) return true;
  }
  return false;
}

/**
 * Parses a JSON body strictly: UTF-8 only, bounded depth, no prototype keys. An empty body is no body.
 *
 * @param bytes - the body as it came
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw httpErrors.malformedJson({ reason: 'it is not UTF-8' });
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (jsonDepth(text) > limits.depth) throw httpErrors.bodyTooDeep({ limit: limits.depth });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw httpErrors.malformedJson({ reason: (error as Error).message });
  }
  // The cheap look at the text spares nearly every body the walk; \u may spell any key.
  if (/__proto__|constructor|\\u/.test(text) && hasForbiddenKey(value)) throw httpErrors.forbiddenKey();
  return value;
}

/** Makes JSON the only content type that routes read, unless a feature adds a parser of its own. */
export function registerBodyParser(http: FastifyInstance): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    try {
      done(null, parseJsonBody(bytes as Buffer));
    } catch (error) {
      done(error as AppError, undefined);
    }
  });
}
