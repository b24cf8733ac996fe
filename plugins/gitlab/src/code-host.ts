import type { CodeHost } from '@callboard/plugin-api';
import { type Address, addressOf, usual } from './address.ts';
import { type Api, encoded, failure, jsonOf, nextPage, type Thing } from './api.ts';
import { commitFiles } from './commit.ts';
import { factsOf } from './facts.ts';
import { summaryOf } from './summary.ts';
import type { GitlabHost, Settings } from './settings.ts';
import type { Repositories } from '@callboard/plugin-api/repositories';

/** What a file was when it was read: its blob, the mark of the answer and the time. */
type Version = { blob: string; etag: string; readAt: number };
const written = ({ blob, etag, readAt }: Version) => `${blob} ${readAt} ${etag}`.slice(0, 500);
function versionOf(text: string | undefined): Version | undefined {
  const [, blob = '', readAt, etag = ''] = /^(\S*) (\d+) (.*)$/.exec(text ?? '') ?? [];
  return readAt === undefined ? undefined : { blob, etag, readAt: Number(readAt) };
}

const isText = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const mostBytes = 32 * 1024 * 1024;
const mostConfirmed = 20_000;

/** GitLab as a host of code. */
export function createCodeHost(api: Api, settings: Settings, known: Repositories): CodeHost {
  const { hosts } = settings;
  /** When files were found to be as their version says. */
  const confirmed = new Map<string, number>();
  const confirm = (key: string, at: number) => {
    confirmed.delete(key);
    confirmed.set(key, at);
    if (confirmed.size > mostConfirmed) confirmed.delete(confirmed.keys().next().value!);
  };

  /** Names of branches may have slashes: tried where the usual reading leads nowhere. */
  async function otherReading(address: Address, signal: AbortSignal) {
    const [first, ...more] = address.rest;
    if (first === undefined || more.length === 0) return undefined;
    const path = `/projects/${encoded(address.project)}/repository/branches?search=${encoded(`^${first}/`)}&per_page=100`;
    const branches = await api.get(address.at, path, { signal, allow: [404] });
    const whole = address.rest.join('/');
    const fitting = (Array.isArray(branches) ? branches : [])
      .map(({ name }: Thing) => String(name))
      .filter((name: string) => whole === name || whole.startsWith(`${name}/`))
      .toSorted((one: string, other: string) => other.length - one.length);
    const ref = fitting[0];
    return ref === undefined ? undefined : { ref, path: whole.slice(ref.length + 1) };
  }

  async function fileAt(
    { at, project }: Address,
    { ref, path }: { ref: string; path: string },
    before: Version | undefined,
    signal: AbortSignal,
  ) {
    const file = `/projects/${encoded(project)}/repository/files/${encoded(path)}/raw?ref=${encoded(ref)}`;
    return api.call(at, file, {
      headers: { accept: '*/*', ...(before?.etag && { 'if-none-match': before.etag }) },
      allow: [304, 404],
      maxBytes: mostBytes,
      signal,
    });
  }

  async function pathsBelow(at: GitlabHost, project: string, commit: string, path: string, signal: AbortSignal) {
    const start = `/projects/${encoded(project)}/repository/tree?recursive=true&ref=${commit}&path=${encoded(path)}`;
    return api.all(at, start, { signal });
  }

  const summary = async (at: GitlabHost, project: string | number, signal: AbortSignal) =>
    api.get(at, `/projects/${encoded(project)}`, { signal });

  return {
    owns: ({ url }) => hosts.some(({ host }) => host === new URL(url).host),
    hosts: () => hosts.map(({ host }) => ({ host, type: 'gitlab', title: host === 'gitlab.com' ? 'GitLab' : host })),

    async readFile({ url, version }, { signal }) {
      const address = addressOf(hosts, url);
      const before = versionOf(version);
      const { ref, path } = usual(address);
      if (path === '') throw failure('NOT_FOUND', `${url} is not the address of a file`);
      const key = `${url} ${version ?? ''}`;
      const readAt = known.now();
      const since = before && Math.max(before.readAt, confirmed.get(key) ?? 0);
      if (since !== undefined && (await known.isQuietSince(address.at.host, address.project, ref, since))) return null;
      let answer = await fileAt(address, { ref, path }, before, signal);
      if (answer.status === 404) {
        const other = await otherReading(address, signal);
        if (other?.path) answer = await fileAt(address, other, before, signal);
      }
      if (answer.status === 404)
        throw failure('NOT_FOUND', `${address.project} has no file ${path} at ${ref}, or the token may not see it`);
      const blob = answer.headers['x-gitlab-blob-id'] ?? '';
      if (answer.status === 304 || (before && blob !== '' && blob === before.blob)) {
        confirm(key, readAt);
        return null;
      }
      const bytes = answer.bytes();
      const now = written({ blob, etag: answer.headers['etag'] ?? '', readAt });
      const text = isText(bytes);
      if (text !== undefined) return { text, version: now };
      return { text: Buffer.from(bytes).toString('base64'), encoding: 'base64', version: now };
    },

    async readTree({ url, version }, { signal }) {
      const address = addressOf(hosts, url);
      const { at, project } = address;
      const commitAt = (ref: string) =>
        api.find(at, `/projects/${encoded(project)}/repository/commits/${encoded(ref)}`, { signal });
      let place = usual(address);
      let commit = await commitAt(place.ref);
      if (!commit) {
        place = (await otherReading(address, signal)) ?? place;
        commit = await commitAt(place.ref);
      }
      if (!commit) throw failure('NOT_FOUND', `${project} has no ${place.ref}, or the token may not see it`);
      const id = String(commit['id']);
      if (id === version) return null;
      const below = place.path === '' ? '' : `${place.path}/`;
      const entries = await pathsBelow(at, project, id, place.path, signal);
      return {
        version: id,
        entries: entries
          .filter(({ type, path }) => type !== 'commit' && String(path).startsWith(below))
          .map(({ type, path, id: blob }) => ({
            path: String(path).slice(below.length),
            type: type === 'tree' ? ('folder' as const) : ('file' as const),
            version: String(blob),
          })),
      };
    },

    async listRepositories({ owner, cursor }, { signal }) {
      const [host, group] = owner.includes(':') ? owner.split(':', 2) : [undefined, owner];
      const at = hosts.find((each) => host === undefined || each.host === host);
      if (!at) throw failure('NOT_FOUND', 'No host is configured');
      const start = `/groups/${encoded(group)}/projects?include_subgroups=true&with_shared=false&per_page=100`;
      const answer = await api.call(at, cursor ?? start, { signal, maxBytes: 16 * 1024 * 1024 });
      const next = nextPage(answer, start);
      return { repositories: jsonOf(at, answer).map(summaryOf), ...(next !== undefined && { cursor: next }) };
    },

    async complete({ host, what, owner = '', repository = '', search = '', token }, { signal }) {
      const at = hosts.find((each) => each.host === host);
      if (!at) throw failure('NOT_FOUND', `${host} is not among the configured hosts`);
      const words = `search=${encoded(search)}&per_page=50`;
      const options = { signal, token, allow: [404], maxBytes: 8 * 1024 * 1024 };
      const ask = (path: string) => api.call(at, path, options);
      let answer;
      if (what === 'owners') answer = await ask(`/namespaces?${words}`);
      else if (what === 'branches')
        answer = await ask(`/projects/${encoded(`${owner}/${repository}`)}/repository/branches?${words}`);
      else {
        answer = await ask(`/groups/${encoded(owner)}/projects?simple=true&${words}`);
        if (answer.status === 404) answer = await ask(`/users/${encoded(owner)}/projects?simple=true&${words}`);
      }
      const found: Thing[] = answer.status === 404 ? [] : jsonOf(at, answer);
      const items = found.map((each) =>
        what === 'owners'
          ? { value: String(each['full_path']), title: String(each['name']).slice(0, 300) }
          : what === 'branches'
            ? { value: String(each['name']) }
            : { value: String(each['path']), title: String(each['name']).slice(0, 300) },
      );
      return { items, isComplete: !answer.headers['x-next-page'] };
    },

    async facts({ url }, { signal }) {
      const { at, project } = addressOf(hosts, url);
      return factsOf(api, at, project, signal);
    },

    gitAccess: ({ url }) => {
      const at = hosts.find(({ host }) => host === new URL(url).host);
      return at?.token === undefined ? null : { username: 'oauth2', password: at.token };
    },

    async createRepository({ owner, name, description, private: isPrivate }, { signal }) {
      const at = hosts[0];
      if (!at) throw failure('NOT_FOUND', 'No host is configured');
      const there = await api.find(at, `/projects/${encoded(`${owner}/${name}`)}`, { signal });
      if (there) return summaryOf(there);
      const namespace = await api.get(at, `/namespaces/${encoded(owner)}`, { signal });
      const body = {
        name,
        path: name,
        namespace_id: namespace['id'],
        visibility: isPrivate ? 'private' : 'public',
        ...(description !== undefined && { description }),
      };
      return summaryOf(await api.get(at, '/projects', { method: 'POST', body, signal }));
    },

    async openChange({ url, branch, title, description, files }, { signal }) {
      const { at, project } = addressOf(hosts, url);
      const target = String((await summary(at, project, signal))['default_branch'] ?? 'main');
      await commitFiles(api, at, project, {
        branch,
        start: target,
        message: title,
        action: 'auto',
        files: files.map(({ path, text }) => ({ path, content: Buffer.from(text) })),
        signal,
      });
      const list = `/projects/${encoded(project)}/merge_requests`;
      const [open] = (await api.get(at, `${list}?state=opened&source_branch=${encoded(branch)}`, {
        signal,
      })) as Thing[];
      const body = { source_branch: branch, target_branch: target, title, description, remove_source_branch: true };
      const change = open ?? (await api.get(at, list, { method: 'POST', body, signal }));
      return { url: String(change['web_url']), number: Number(change['iid']) };
    },

    async setStatus({ url, commit, name, state, href }, { signal }) {
      const { at, project } = addressOf(hosts, url);
      const states = { pending: 'pending', good: 'success', bad: 'failed' };
      const body = { state: states[state], name, ...(href !== undefined && { target_url: href }) };
      await api.call(at, `/projects/${encoded(project)}/statuses/${commit}`, { method: 'POST', body, signal });
      return null;
    },
  };
}
