import type { CodeHost } from '@callboard/plugin-api';
import { type Address, addressOf, readings } from './address.ts';
import { type Api, encoded, encodedPath, failure, jsonOf, type Thing } from './api.ts';
import { factsOf, summaryOf } from './facts.ts';
import { makeRepository } from './publish.ts';
import { ownerIdOf } from './repositories.ts';
import type { Settings } from './settings.ts';
import type { Repositories } from '@callboard/plugin-api/repositories';
import { treeOf } from './tree.ts';

const textIn = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const mostBytes = 32 * 1024 * 1024;
const mostConfirmed = 20_000;
const open = 'limit=50&state=open';

/** Gitea as a host of code. */
export function createCodeHost(api: Api, settings: Settings, known: Repositories): CodeHost {
  const { hosts } = settings;
  /** When files were found to be as their version says. */
  const confirmed = new Map<string, number>();
  const confirm = (key: string, at: number) => {
    confirmed.delete(key);
    confirmed.set(key, at);
    if (confirmed.size > mostConfirmed) confirmed.delete(confirmed.keys().next().value!);
  };
  const baseOf = ({ owner, name }: Address) => `/repos/${encoded(owner)}/${encoded(name)}`;

  /** The commit that an address means, and the path below it. */
  async function commitOf(address: Address, signal: AbortSignal): Promise<{ commit: string; path: string }> {
    const { at, owner, name } = address;
    for (const { ref, path } of readings(address)) {
      const branch = ref ?? (await api.find(at, baseOf(address), { signal }))?.['default_branch'];
      if (branch === undefined) break;
      const more = 'stat=false&verification=false&files=false';
      const found = await api.find(at, `${baseOf(address)}/git/commits/${encoded(branch)}?${more}`, { signal });
      if (found) return { commit: String(found['sha']), path };
    }
    throw failure(
      'NOT_FOUND',
      `${owner}/${name} has no ${address.rest[0] ?? 'branch'}, or it is hidden from the portal`,
    );
  }

  return {
    owns: ({ url }) => hosts.some(({ host }) => host === new URL(url).host),
    hosts: () => hosts.map(({ host }) => ({ host, type: 'gitea', title: host })),

    async readFile({ url, version }, { signal }) {
      const address = addressOf(hosts, url);
      const { at, owner, name } = address;
      const [, etag = '', readBefore] = /^(.*) (\d+)$/.exec(version ?? '') ?? [];
      const readAt = known.now();
      const key = `${url} ${version ?? ''}`;
      const since = readBefore === undefined ? undefined : Math.max(Number(readBefore), confirmed.get(key) ?? 0);
      const branch = address.rest[0] ?? 'HEAD';
      if (since !== undefined && (await known.isQuietSince(at.host, `${owner}/${name}`, branch, since))) return null;
      for (const { ref, path } of readings(address)) {
        if (path === '') continue;
        const answer = await api.call(
          at,
          `${baseOf(address)}/raw/${encodedPath(path)}${ref === undefined ? '' : `?ref=${encoded(ref)}`}`,
          {
            headers: { accept: '*/*', ...(etag && { 'if-none-match': etag }) },
            allow: [304, 404],
            maxBytes: mostBytes,
            signal,
          },
        );
        if (answer.status === 404) continue;
        const mark = answer.headers['etag'] ?? '';
        if (answer.status === 304 || (mark !== '' && mark === etag)) {
          confirm(key, readAt);
          return null;
        }
        const bytes = answer.bytes();
        const now = `${mark} ${readAt}`.slice(0, 500);
        const text = textIn(bytes);
        if (text !== undefined) return { text, version: now };
        return { text: Buffer.from(bytes).toString('base64'), encoding: 'base64', version: now };
      }
      throw failure(
        'NOT_FOUND',
        `${owner}/${name} has no file ${address.rest.slice(1).join('/')} at ${branch}, or it is hidden from the portal`,
      );
    },

    async readTree({ url, version }, { signal }) {
      const address = addressOf(hosts, url);
      const { commit, path } = await commitOf(address, signal);
      if (commit === version) return null;
      const below = path === '' ? '' : `${path}/`;
      const entries = await treeOf(api, address.at, `${address.owner}/${address.name}`, commit, signal);
      return {
        version: commit,
        entries: entries
          .filter(({ type, path: each }) => type !== 'commit' && String(each).startsWith(below))
          .map(({ type, path: each, sha, size }) => ({
            path: String(each).slice(below.length),
            type: type === 'tree' ? ('folder' as const) : ('file' as const),
            version: String(sha),
            ...(type === 'blob' && typeof size === 'number' && { size }),
          })),
      };
    },

    async listRepositories({ owner, cursor = '1' }, { signal }) {
      const at = hosts[0];
      if (!at) throw failure('NOT_FOUND', 'No host is configured');
      const uid = await ownerIdOf(api, at, owner, signal);
      const path = `/repos/search?uid=${uid}&exclusive=true&limit=50&page=${Number(cursor)}`;
      const answer = await api.call(at, path, { signal, maxBytes: 16 * 1024 * 1024 });
      const { data } = jsonOf(at, answer);
      return {
        repositories: data.map(summaryOf),
        ...(data.length > 0 &&
          Number(cursor) * 50 < Number(answer.headers['x-total-count'] ?? 0) && { cursor: String(Number(cursor) + 1) }),
      };
    },

    async complete({ host, what, owner = '', repository = '', search = '', token }, { signal }) {
      const at = hosts.find((each) => each.host === host);
      if (!at) throw failure('NOT_FOUND', `${host} is not among the configured hosts`);
      const call = { signal, token };
      const words = search.toLowerCase();
      let found: { value: string; title?: string }[];
      if (what === 'owners') {
        const [user, organisations] = await Promise.all([
          api.find(at, '/user', { ...call, allow: [401, 403, 404] }),
          api.all(at, '/user/orgs', call),
        ]);
        found = [user, ...organisations].flatMap((each) => {
          const value = each?.['login'] ?? each?.['username'] ?? each?.['name'];
          return value ? [{ value: String(value), title: String(each?.['full_name'] || value) }] : [];
        });
      } else if (what === 'branches')
        found = (await api.all(at, `/repos/${encoded(owner)}/${encoded(repository)}/branches`, call)).map(
          ({ name }) => ({
            value: String(name),
          }),
        );
      else {
        const uid = await ownerIdOf(api, at, owner, signal);
        const { data } = await api.get(
          at,
          `/repos/search?uid=${uid}&exclusive=true&limit=50&q=${encoded(search)}`,
          call,
        );
        found = data.map(({ name }: Thing) => ({ value: String(name) }));
      }
      const items = found.filter(({ value, title = '' }) => `${value} ${title}`.toLowerCase().includes(words));
      return { items: items.slice(0, 1_000), isComplete: what !== 'repositories' || items.length < 50 };
    },

    async facts({ url }, { signal }) {
      const { at, owner, name } = addressOf(hosts, url);
      return factsOf(api, at, `${owner}/${name}`, signal);
    },

    gitAccess: ({ url }) => hosts.find(({ host }) => host === new URL(url).host)?.git ?? null,

    async createRepository({ owner, name, description, private: isPrivate }, { signal }) {
      const at = hosts[0];
      if (!at) throw failure('NOT_FOUND', 'No host is configured');
      const there = await api.find(at, `/repos/${encoded(owner)}/${encoded(name)}`, { signal });
      return summaryOf(
        there ?? (await makeRepository(api, at, owner, { name, description, private: isPrivate }, signal)),
      );
    },

    async openChange({ url, branch, title, description, files }, { signal }) {
      const address = addressOf(hosts, url);
      const { at, owner, name } = address;
      const base = baseOf(address);
      const target = String((await api.get(at, base, { signal }))['default_branch'] ?? 'main');
      const there = await api.find(at, `${base}/branches/${encoded(branch)}`, { signal });
      const tree = await treeOf(api, at, `${owner}/${name}`, there ? branch : target, signal);
      const blobs = new Map(tree.map(({ path, sha }) => [String(path), String(sha)]));
      const changes = [];
      for (const { path, text } of files) {
        const sha = blobs.get(path);
        if (sha !== undefined) {
          const now = await api.call(at, `${base}/raw/${encodedPath(path)}?ref=${encoded(there ? branch : target)}`, {
            signal,
            maxBytes: mostBytes,
          });
          if (now.text() === text) continue;
        }
        const content = Buffer.from(text).toString('base64');
        changes.push({ operation: sha === undefined ? 'create' : 'update', path, content, ...(sha && { sha }) });
      }
      if (changes.length > 0)
        await api.call(at, `${base}/contents`, {
          method: 'POST',
          body: {
            branch: there ? branch : target,
            ...(!there && { new_branch: branch }),
            message: title,
            files: changes,
          },
          signal,
        });
      const list: Thing[] = await api.get(at, `${base}/pulls?${open}`, { signal });
      const body = { base: target, head: branch, title, body: description };
      const change =
        list.find(({ head }) => head?.ref === branch) ??
        (await api.get(at, `${base}/pulls`, { method: 'POST', body, signal }));
      return { url: String(change['html_url']), number: Number(change['number']) };
    },

    async setStatus({ url, commit, name, state, href }, { signal }) {
      const address = addressOf(hosts, url);
      const states = { pending: 'pending', good: 'success', bad: 'failure' };
      const body = { state: states[state], context: name, ...(href !== undefined && { target_url: href }) };
      await api.call(address.at, `${baseOf(address)}/statuses/${commit}`, { method: 'POST', body, signal });
      return null;
    },
  };
}
