import type { CallFiles } from '../../../core/plugins/index.ts';
import { scaffolderErrors } from '../errors.ts';
import { pushFiles } from '../files/publish.ts';
import type { Action, ActionContext } from './action.ts';

/** An action that a plugin does, and whether it gets the files of the run. */
type PluginAction = Omit<Action, 'run'> & {
  workspace?: 'read' | 'write';
  run(context: ActionContext & { files?: CallFiles }): Promise<void>;
};

const mostBytes = 2 * 1024 * 1024;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** With what Git signs in; it leaves by the environment, so that no list of processes shows it. */
const credentials = (username: string, password: string | undefined): Record<string, string> =>
  password === undefined
    ? {}
    : {
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'http.extraHeader',
        GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      };

/** The workspace of a run, as far as a plugin may reach it. */
function filesOf({ workspace, services, signal, isDryRun }: ActionContext, mayWrite: boolean): CallFiles {
  return {
    list: async () =>
      (await workspace.files()).map(({ path, content, executable }) => ({
        path,
        size: content.length,
        executable,
      })),
    async read(path) {
      const content = await workspace.read(path);
      if (content.length > mostBytes)
        throw scaffolderErrors.fileTooLargeForPlugin({ path, size: content.length, limit: mostBytes });
      return content;
    },
    ...(mayWrite && { write: (path: string, content: Uint8Array) => workspace.write(path, content) }),
    async push({ remote, branch, message, folder, author, username, password }) {
      const url = textOf(remote) ?? '';
      if (!URL.canParse(url) || !/^https?:/.test(url))
        throw scaffolderErrors.remoteRefused({ remote: url, reason: 'plugins push to https and http addresses' });
      if (isDryRun) throw scaffolderErrors.remoteRefused({ remote: url, reason: 'this is a dry run' });
      const { outbound } = services;
      if (!outbound) throw scaffolderErrors.remoteRefused({ remote: url, reason: 'this command uses no network' });
      outbound.assertAllowed(url, 'action of a plugin');
      const secret = textOf(password);
      const { name, email } = (author ?? {}) as { name?: unknown; email?: unknown };
      return pushFiles({
        directory: workspace.resolve(textOf(folder) ?? '.'),
        remote: { url, isFolder: false },
        branch: textOf(branch) ?? 'main',
        message: textOf(message) ?? 'Initial commit',
        author: { name: textOf(name) ?? services.author.name, email: textOf(email) ?? services.author.email },
        call: {
          signal,
          environment: {
            ...outbound.environment(url),
            ...credentials(textOf(username) ?? 'x-access-token', secret),
          },
          hidden: [secret ?? ''],
        },
      });
    },
  };
}

/** An action of a plugin as the engine runs it, with the files that it declares to need. */
export const withFiles = ({ workspace, run, ...action }: PluginAction): Action => ({
  ...action,
  ...(workspace !== 'write' && { onlyReads: true }),
  run: (context) =>
    run(workspace === undefined ? context : { ...context, files: filesOf(context, workspace === 'write') }),
});
