/**
 * Says what becomes of real templates: `npm run conformance:scaffolder -- DIR… [--json] [--all] [--quiet]`. Loads every template below the
 * folders, checks it, makes values from its form, and runs it dry.
 */
import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  },
});
if (positionals.length === 0) {
  process.stderr.write(
    'Name folders with templates: npm run conformance:scaffolder -- DIR… [--json] [--all] [--quiet]\n',
  );
  process.exit(2);
}
const { createOffline, formOf, loadTemplates } = await import('@callboard/server/templates');

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const shownProblem = ({ severity, message, line, path }) => ({ severity, message, line, path });

async function examine(offline, folder, loaded) {
  const { file, template, problems, source } = loaded;
  const result = {
    template: relative(folder, file),
    folder,
    name: template?.name,
    parsed: template !== undefined,
    problems: problems.map(shownProblem),
    form: false,
    files: [],
    effects: [],
    missing: [],
  };
  if (!template)
    return { ...result, reason: problems.find(({ severity }) => severity === 'error')?.message ?? 'no template' };
  try {
    const form = await formOf(template, offline.renderers);
    result.form = form.steps.length === template.parameters.length;
    const example = await offline.example(template, options.all);
    // What a dry run through the API says of a template that nobody registered: descriptors that steps write name it.
    const unregistered = { ...template, ref: 'template:default/dry-run' };
    const run = await offline.run(unregistered, source, example.values);
    return {
      ...result,
      pages: form.steps.length,
      values: example.values,
      valueFaults: example.faults,
      files: run.files.map(({ path, content, executable }) => ({
        path,
        sha256: sha256(content),
        bytes: content.length,
        executable,
      })),
      steps: run.steps.map(({ id, action, status, error }) => ({ id, action, status, reason: error?.message })),
      output: run.output,
      effects: run.effects,
      missing: run.missing,
      warnings: run.warnings,
      reason: run.error?.message,
    };
  } catch (error) {
    return { ...result, reason: error.message };
  }
}

const isComplete = ({ parsed, missing, reason }) => parsed && missing.length === 0 && !reason;
/** Files, or outside effects in words: something a person can look at before running it; or that there is nothing of the kind. */
const isUseful = (result) => result.files.length > 0 || result.effects.length > 0 || isComplete(result);

function print(result) {
  const mark = (yes) => (yes ? 'yes' : 'no');
  const lines = [
    `${result.template}${result.name ? ` (${result.name})` : ''}`,
    `  parsed ${mark(result.parsed)}, form ${mark(result.form)}, files ${result.files.length}, effects ${result.effects.length}, missing ${result.missing.length}`,
  ];
  if (result.reason) lines.push(`  reason: ${result.reason}`);
  for (const { path, sha256: hash } of result.files) lines.push(`  ${hash.slice(0, 12)}  ${path}`);
  for (const effect of result.effects) lines.push(`  effect: ${effect}`);
  for (const { step, action, value, reason } of result.missing)
    lines.push(`  missing: ${step}: ${action ?? value ?? ''}: ${reason}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

const offline = createOffline();
const results = [];
try {
  for (const folder of positionals.map((each) => resolve(each)))
    for (const loaded of await loadTemplates(folder, { root: folder })) {
      const result = await examine(offline, folder, loaded);
      results.push(result);
      if (!options.json && !options.quiet) print(result);
    }
} finally {
  await offline.close();
}
const count = (test) => results.filter(test).length;
const totals = {
  templates: results.length,
  parsed: count(({ parsed }) => parsed),
  forms: count(({ form }) => form),
  complete: count(isComplete),
  withFiles: count(({ files }) => files.length > 0),
  filesOrPlan: count(isUseful),
};
if (options.json) process.stdout.write(`${JSON.stringify({ totals, templates: results }, null, 2)}\n`);
else
  process.stdout.write(
    `\n${totals.templates} templates: ${totals.parsed} parsed, ${totals.forms} forms, ${totals.complete} dry runs complete, ` +
      `${totals.withFiles} with files, ${totals.filesOrPlan} with files or a plan\n`,
  );
process.exitCode = totals.templates === 0 ? 1 : 0;
