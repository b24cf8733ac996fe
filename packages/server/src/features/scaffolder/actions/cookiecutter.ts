import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '@callboard/model';
import { scaffolderErrors } from '../errors.ts';
import { words } from '../words.ts';
import { type Action, type ActionContext, fields, list, object, text } from './action.ts';
import { withFolder } from './fetch.ts';
import { renderFolder } from './template-files.ts';

const id = 'fetch:cookiecutter';
const settings = 'cookiecutter.json';

const refuse = (context: ActionContext, reason: string) =>
  scaffolderErrors.actionFailed({ action: id, step: context.step.id, reason });

/** What `cookiecutter.json` says when nobody answers: first choices, and texts made of what stands above them. */
async function answersOf(said: JsonObject, given: JsonObject, { services }: ActionContext): Promise<JsonObject> {
  const answers: JsonObject = {};
  const rendered = async (value: JsonValue): Promise<JsonValue> => {
    if (typeof value !== 'string' || !/\{[{%]/.test(value)) return value;
    const [result] = await services.renderers.texts([value], { cookiecutter: answers }, { cookiecutter: true });
    return result && 'text' in result ? result.text : value;
  };
  for (const [key, value] of Object.entries({ ...said, ...given })) {
    const isPrivate = key.startsWith('_') && !key.startsWith('__');
    const chosen = Array.isArray(value) && !Object.hasOwn(given, key) && !isPrivate ? (value[0] ?? '') : value;
    answers[key] = isPrivate ? chosen : await rendered(chosen);
  }
  return answers;
}

/** In its lists a `*` goes over slashes. */
const globsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value.map(words) : []).flatMap((glob) => [
    glob,
    ...(glob.startsWith('*') ? [`**/${glob}`] : []),
    ...(glob.endsWith('*') ? [glob.replace(/\*+$/, '**'), `${glob.replace(/\/?\*+$/, '')}/**`] : []),
  ]);

async function cut(directory: string, context: ActionContext): Promise<void> {
  const { input, log } = context;
  const file = join(directory, settings);
  let said: unknown = {};
  if (existsSync(file))
    try {
      said = JSON.parse(await readFile(file, 'utf8'));
    } catch (error) {
      throw refuse(context, `${settings} is not JSON: ${(error as Error).message}`);
    }
  if (!isJsonObject(said)) throw refuse(context, `${settings} is not an object`);
  const entries = await readdir(directory, { withFileTypes: true });
  const made = entries.find((entry) => entry.isDirectory() && /\{\{.*cookiecutter.*\}\}/.test(entry.name));
  if (!made) throw refuse(context, 'there is no folder with {{ cookiecutter.… }} in its name');
  for (const { name } of entries)
    if (name === 'hooks') log('Programs in hooks are not run: do their work with steps.', 'warn');
  const extensions = [input.extensions ?? said['_extensions'] ?? []].flat();
  if (extensions.length > 0) log(`Extensions of Jinja are not here: ${extensions.map(words).join(', ')}`, 'warn');
  await renderFolder(join(directory, made.name), {
    ...context,
    input: {
      targetPath: input.targetPath ?? './',
      values: await answersOf(said, isJsonObject(input.values) ? input.values : {}, context),
      cookiecutterCompat: true,
      copyWithoutTemplating: globsOf(input.copyWithoutRender ?? said['_copy_without_render']),
      replace: true,
    },
  });
}

/** Templates of cookiecutter, rendered by the portal's own language instead of Python. */
export const cookiecutterActions: Action[] = [
  {
    id,
    description:
      'Renders a cookiecutter template into the workspace: what is in its folder {{ cookiecutter.… }}, without Python. Hooks and extensions of Jinja are not run.',
    supportsDryRun: true,
    schema: {
      input: fields(
        {
          url: text('Relative path or absolute URL of the folder with cookiecutter.json'),
          targetPath: text('Where it goes in the workspace'),
          values: object('Answers; cookiecutter.json says what is not answered'),
          copyWithoutRender: list(text('A glob'), 'Files that are copied as they are; their names are rendered'),
          extensions: list(text('A name'), 'Named in the log: they are not here'),
          imageName: text('Not needed: nothing runs in a container'),
          token: text('A token to read with, when the address needs one'),
        },
        ['url'],
      ),
    },
    examples: [{ description: 'A template', example: 'url: ./cookiecutter\nvalues:\n  name: ${{ parameters.name }}' }],
    run: (context) => withFolder(context, (directory) => cut(directory, context)),
  },
];
