import { type JsonValue, toPointer } from '@callboard/model/json';
import { createTemplateRenderer, TemplateLimitError, type TemplateRenderer } from 'nunjitsu';
import { filters } from './filters.ts';
import { hintFor } from './hints.ts';
import type { RenderFault, RenderTask, TextResult, ValueResult } from './messages.ts';
import { piecesOf } from './pieces.ts';

const faultOf = (error: unknown, source: string): RenderFault => {
  const { message, line = 1, column = 1 } = error as Error & { line?: number; column?: number };
  const reason = message.replace(/^Template error at line \d+, column \d+: /, '');
  const hint =
    error instanceof TemplateLimitError
      ? 'Make the loop or the text smaller: a template may not work without end.'
      : hintFor(reason, source, line);
  return { message: reason, line, column, hint };
};

const reserved = new Set(['__proto__', 'constructor', 'prototype']);

/** Names that belong to the inside of the language are left out of what strangers give. */
const withoutReserved = (value: JsonValue): JsonValue => {
  if (Array.isArray(value)) return value.map(withoutReserved);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !reserved.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutReserved(item)]));
};

function prepared(renderer: TemplateRenderer, context: Record<string, JsonValue>) {
  try {
    return renderer.prepareContext(context);
  } catch {
    return renderer.prepareContext(withoutReserved(context) as Record<string, JsonValue>);
  }
}

/** Renders every text in a piece of data. A sole expression keeps its type; one that is undefined drops its key. */
export function renderValue(task: Extract<RenderTask, { kind: 'value' }>): ValueResult {
  const faults: ValueResult['faults'] = [];
  let asksStatus = false;
  const status = (answer: boolean) => () => {
    asksStatus = true;
    return answer;
  };
  const renderer = createTemplateRenderer({
    allowRegexExecution: true,
    filters: filters(task),
    globals: { always: status(true), failure: status(task.failed) },
  });
  const context = prepared(renderer, task.context);
  const walk = (value: JsonValue, path: string[]): JsonValue | undefined => {
    if (typeof value === 'string') {
      try {
        return renderer.renderValue(value, context) as JsonValue | undefined;
      } catch (error) {
        faults.push({ ...faultOf(error, value), path: toPointer(path), text: value });
        return value;
      }
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, String(index)]) ?? null);
    if (typeof value !== 'object' || value === null) return value;
    const rendered: Record<string, JsonValue> = {};
    for (const [key, item] of Object.entries(value)) {
      const result = walk(item, [...path, key]);
      if (result !== undefined)
        Object.defineProperty(rendered, key, { value: result, enumerable: true, writable: true, configurable: true });
    }
    return rendered;
  };
  return { value: walk(task.input, []), faults, asksStatus };
}

/** Renders texts one after the other; one that fails does not hold up the others. */
export function renderTexts(
  task: Extract<RenderTask, { kind: 'texts' }>,
  each: (index: number, result: TextResult) => void,
): void {
  const { cookiecutter, trimBlocks, lstripBlocks } = task.options;
  const renderer = createTemplateRenderer({
    allowRegexExecution: true,
    filters: filters(task),
    cookiecutterCompat: cookiecutter,
    trimBlocks,
    lstripBlocks,
  });
  const context = prepared(renderer, task.context);
  const known = new Map<string, string>();
  const once = (expression: string) => {
    const found = known.get(expression) ?? renderer.render(expression, context);
    known.set(expression, found);
    return found;
  };
  const join = (parts: string[]) => parts.map((part, index) => (index % 2 === 1 ? once(part) : part)).join('');
  const isPlain = !cookiecutter && !trimBlocks && !lstripBlocks;
  const inPieces = (text: string): string | undefined => {
    const pieces = isPlain ? piecesOf(text) : undefined;
    if (!pieces) return undefined;
    try {
      return join(pieces.before) + (pieces.whole && renderer.render(pieces.whole, context)) + join(pieces.after);
    } catch {
      // As a whole it says where the fault is.
      return undefined;
    }
  };
  for (const [index, text] of task.texts.entries()) {
    try {
      each(task.from + index, { text: inPieces(text) ?? renderer.render(text, context) });
    } catch (error) {
      each(task.from + index, { fault: faultOf(error, text) });
    }
  }
}
