import { satisfiesRange } from '@callboard/model/plugins/rules';

/** Why a web part cannot run here. The message is for the person who looks, the fix for the administrator. */
export class PluginLoadError extends Error {
  fix: string;
  constructor(message: string, fix: string) {
    super(message);
    this.name = 'PluginLoadError';
    this.fix = fix;
  }
}

/**
 * What is wrong with the shared modules that a plugin needs; undefined when nothing is.
 *
 * @param known - version of each module that the portal shares
 */
export function sharedFault(
  shared: Record<string, string>,
  known: Record<string, string>,
): PluginLoadError | undefined {
  for (const [name, range] of Object.entries(shared)) {
    const version = known[name];
    if (version === undefined)
      return new PluginLoadError(
        `It needs ${name} from the portal, which does not share it.`,
        `The plugin has to bring ${name} in its own files. The portal shares ${Object.keys(known).join(', ')}.`,
      );
    if (satisfiesRange(version, range) !== true)
      return new PluginLoadError(
        `It needs ${name} ${range}; this portal shares ${name} ${version}.`,
        'Install a version of the plugin that is made for this portal.',
      );
  }
  return undefined;
}
