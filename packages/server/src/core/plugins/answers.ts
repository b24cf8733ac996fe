import { answerSchemas, type PluginManifest, viewSchemas } from '@callboard/model/plugins';
import { pluginErrors } from './errors.ts';
import { schemaFaults } from './manifest.ts';

/** What is wrong with an answer of `views/runs` or `codeHosts/main/readFile`, in words; undefined when nothing is. */
export function answerFault(manifest: PluginManifest, target: string, value: unknown): string | undefined {
  const [role = '', id, method] = target.split('/');
  const view = role === 'views' ? manifest.contributes?.views?.find((each) => each.id === id) : undefined;
  const schema = view ? viewSchemas[view.model] : answerSchemas[method === undefined ? role : `${role}/${method}`];
  if (!schema) return 'there is no such contribution';
  const told = (faults: { path: string; message: string }[], at = '') =>
    faults
      .slice(0, 3)
      .map((fault) => `${at}${fault.path || '/'}: ${fault.message}`)
      .join('; ');
  const faults = schemaFaults(schema, value, 'Correct the answer.');
  if (faults.length > 0) return told(faults);
  const declared = role === 'actions' && manifest.contributes?.actions?.find((each) => each.id === id)?.output;
  if (!declared) return undefined;
  const outputFaults = schemaFaults(declared, (value as { output: unknown }).output, 'Correct the output.');
  return outputFaults.length > 0 ? told(outputFaults, '/output') : undefined;
}

/** @throws AppError PLUGINS_ANSWER_INVALID */
export function assertAnswer(
  manifest: PluginManifest & { version: string },
  target: string,
  value: unknown,
  tell: (text: string) => void,
): void {
  const reason = answerFault(manifest, target, value);
  if (reason === undefined) return;
  const error = pluginErrors.answerInvalid({ plugin: manifest.id, version: manifest.version, target, reason });
  tell(error.message);
  throw error;
}
