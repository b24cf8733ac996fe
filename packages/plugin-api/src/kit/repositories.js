import { createHash } from 'node:crypto';
import { globOf } from './paths.js';

/** Knowledge that is older says nothing. */
const trustMs = 20 * 60_000;
/** A list is read whole after this time, for what no order by time shows: renamed and moved repositories. */
const wholeMs = 6 * 3_600_000;
/** A page of a source has a minute. */
const workMs = 35_000;
const perKey = 300;
const inMemoryMs = 30_000;
const atOnce = 8;

const digest = (text) => createHash('sha256').update(text).digest('hex').slice(0, 24);
const keyOf = (source) => `list/${digest(JSON.stringify(source))}`;
const touchedKey = (host, name) => `touched/${digest(`${host}/${name}`)}`;

export function createRepositories({ host, unnotedMs, now = Date.now }) {
  const { store } = host;
  let loaded;
  const written = new Map();

  async function load() {
    if (loaded && now() - loaded.at < inMemoryMs) return loaded.repositories;
    const repositories = new Map();
    let seenAt = 0;
    let of = '';
    for (let after = ''; ;) {
      const page = await store.entries('list/', after);
      for (const { value } of page) {
        if (Array.isArray(value)) {
          for (const { name, activeAt, branch } of value)
            repositories.set(`${of}/${name}`, { activeAt, seenAt, branch });
        } else [seenAt, of] = [value.seenAt, value.host];
      }
      if (page.length < 500) break;
      after = page.at(-1).key;
    }
    loaded = { at: now(), repositories };
    return repositories;
  }

  async function read(source) {
    const key = keyOf(source);
    const head = await store.get(key);
    const repositories = new Map();
    if (!head) return { repositories, seenAt: 0, wholeAt: 0 };
    for (const { key: part, value } of await store.entries(`${key}/`)) {
      written.set(part, JSON.stringify(value));
      for (const each of value) repositories.set(each.id, each);
    }
    for (const { value } of await store.entries('touched/'))
      for (const each of repositories.values())
        if (`${source.host}/${each.name}` === value.name) each.activeAt = Math.max(each.activeAt, value.at);
    const { seenAt, wholeAt, mark } = head;
    return { repositories, seenAt, wholeAt, ...(mark !== undefined && { mark }) };
  }

  async function write(source, { repositories, seenAt, wholeAt, mark }) {
    const key = keyOf(source);
    const all = [...repositories.values()].toSorted((a, b) => a.id - b.id);
    const parts = Math.ceil(all.length / perKey);
    for (let part = 0; part < parts; part += 1) {
      const name = `${key}/${String(part).padStart(4, '0')}`;
      const text = JSON.stringify(all.slice(part * perKey, (part + 1) * perKey));
      // What is as it was is not written again.
      if (written.get(name) !== text) await store.set(name, JSON.parse(text));
      written.set(name, text);
    }
    for (const name of await store.list(`${key}/`)) if (Number(name.slice(-4)) >= parts) await store.delete(name);
    await store.set(key, { host: source.host, seenAt, wholeAt, ...(mark !== undefined && { mark }) });
    loaded = undefined;
  }

  const needsLook = ({ checkedAt, activeAt }) => checkedAt === undefined || checkedAt < activeAt + unnotedMs;

  /** Looks at those of a list that may have other descriptors than are known; says whether there was time for all. */
  async function lookAt(wanted, begunAt, look) {
    const end = now() + workMs;
    // Each once in a reading, however many pages it takes.
    const todo = wanted.filter((each) => needsLook(each) && (each.checkedAt ?? 0) < begunAt);
    const run = async () => {
      for (let each = now() <= end ? todo.shift() : undefined; each; each = now() <= end ? todo.shift() : undefined) {
        const checkedAt = now();
        each.descriptors = await look(each);
        each.checkedAt = checkedAt;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, run));
    return todo.length === 0;
  }

  return {
    now,
    async names(source) {
      return [...(await read(source)).repositories.values()].map(({ id, name }) => ({ id, name }));
    },
    async touch(of, name) {
      await store.set(touchedKey(of, name), { name: `${of}/${name}`, at: now() });
      loaded = undefined;
    },
    async isQuietSince(of, name, ref, readAt) {
      const found = (await load()).get(`${of}/${name}`);
      if (!found || now() - found.seenAt > trustMs) return false;
      if (ref !== 'HEAD' && ref !== found.branch) return false;
      // Asked each time, as another replica may have heard of a push just now.
      const touched = await store.get(touchedKey(of, name));
      return Math.max(found.activeAt, touched?.at ?? 0) + unnotedMs < readAt;
    },
    source: (sources, { pages, look, locationOf }) =>
      async function readSource({ cursor = '0' }, { signal }) {
        const [index = 0, begun] = cursor.split('+').map(Number);
        const source = sources[index];
        if (!source) return { entities: [] };
        const begunAt = begun ?? now();
        const list = await read(source);
        if (begun === undefined) await refresh(list, (how) => pages(source, list, { ...how, signal }), now());
        const wanted = [...list.repositories.values()].filter((each) => isWanted(source, each));
        let isDone;
        try {
          isDone = await lookAt(wanted, begunAt, (each) => look(source, each, signal));
        } finally {
          await write(source, list);
        }
        if (!isDone) return { entities: [], cursor: `${index}+${begunAt}` };
        const entities = wanted.flatMap((each) =>
          (each.descriptors ?? []).map((path) => entityOf(each, locationOf(source, each, path))),
        );
        return { entities, ...(index + 1 < sources.length && { cursor: String(index + 1) }) };
      },
  };
}

/** Puts in what was told of a repository; says whether something of it differs. */
function merge({ repositories }, fresh) {
  const before = repositories.get(fresh.id);
  const isSame =
    before !== undefined &&
    before.activeAt >= fresh.activeAt &&
    before.name === fresh.name &&
    before.branch === fresh.branch;
  repositories.set(fresh.id, {
    ...fresh,
    activeAt: Math.max(fresh.activeAt, before?.activeAt ?? 0),
    ...(isSame && { checkedAt: before.checkedAt, descriptors: before.descriptors }),
  });
  return !isSame;
}

/**
 * Brings a list up to date. Repositories come in the order of their last activity, so that everything behind the first page without news is as it
 * was, and their count tells of those that have gone.
 */
async function refresh(list, pages, now) {
  for (let isWhole = now - list.wholeAt > wholeMs; ; isWhole = true) {
    const seen = new Set();
    let total;
    for await (const page of pages({ isWhole })) {
      total ??= page.total;
      let isNews = true;
      for (const fresh of page.repositories) {
        seen.add(fresh.id);
        isNews = merge(list, fresh);
      }
      if (!isWhole && !isNews) break;
    }
    if (isWhole) {
      for (const id of list.repositories.keys()) if (!seen.has(id)) list.repositories.delete(id);
      list.wholeAt = now;
    }
    list.seenAt = now;
    // Some have gone, and which is only to be seen in all of them.
    if (isWhole || total === undefined || total === list.repositories.size) return;
  }
}

const isWanted = ({ archived, forks, topics, withoutTopics, names }, repository) =>
  (archived || !repository.archived) &&
  (forks || !repository.fork) &&
  (topics.length === 0 || topics.some((topic) => repository.topics.includes(topic))) &&
  !withoutTopics.some((topic) => repository.topics.includes(topic)) &&
  (names === undefined || globOf(names)(repository.name));

function entityOf({ name: full }, { target, annotations }) {
  const name = full
    .replaceAll(/[^A-Za-z0-9.-]+/g, '-')
    .slice(-50)
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: { name: `${name}-${digest(target).slice(0, 8)}`, ...(annotations && { annotations }) },
    spec: { type: 'url', target, presence: 'optional' },
  };
}
