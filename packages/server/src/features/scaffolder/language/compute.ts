import type { JsonObject, JsonValue } from '@callboard/model';

/** Work with texts of templates that may take long or never end: done where it can be ended. */
export type Computation =
  | { work: 'replace'; text: string; pattern: string; isPattern: boolean; by: string }
  | { work: 'query'; expression: string; data: JsonValue }
  | { work: 'match'; globs: string[]; paths: string[]; dot: boolean }
  | { work: 'validate'; schemas: readonly JsonObject[]; value: JsonValue; isStrict: boolean };

/** Does one piece of work; throws what the work throws. The libraries are large, and each work needs one of them. */
export async function compute(task: Computation): Promise<JsonValue> {
  switch (task.work) {
    case 'replace':
      return task.isPattern
        ? task.text.replaceAll(new RegExp(task.pattern, 'g'), task.by)
        : task.text.replaceAll(task.pattern, task.by);
    case 'query': {
      const { default: jsonata } = await import('jsonata');
      const result: unknown = await jsonata(task.expression).evaluate(task.data);
      return (result === undefined ? null : JSON.parse(JSON.stringify(result))) as JsonValue;
    }
    case 'match': {
      const { globs, dot, paths } = task;
      const { default: picomatch } = await import('picomatch');
      // A glob with `!` takes out of what the globs before it mean.
      const wanted = globs.flatMap((glob, index) =>
        glob.startsWith('!')
          ? []
          : [
              {
                has: picomatch(glob, { dot }),
                hasNot: picomatch(
                  globs.slice(index + 1).flatMap((later) => (later.startsWith('!') ? later.slice(1) : [])),
                  { dot },
                ),
              },
            ],
      );
      return paths.filter((path) => wanted.some(({ has, hasNot }) => has(path) && !hasNot(path)));
    }
    case 'validate': {
      const { validate } = await import('./validate.ts');
      return validate(task.schemas, task.value, task.isStrict);
    }
    default:
      throw new Error('unknown work');
  }
}
