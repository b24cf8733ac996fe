/** Plain JavaScript, as all of the kit: it runs beside plugins, in processes that translate nothing. Types and words are in the `.d.ts` beside it. */

const isOnTheWay = ({ running }) => running !== undefined;
const pause = (milliseconds) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

export function createKnown(options) {
  const { onLate, patienceMs = 200, restMs = 5_000, most = 2_000 } = options;
  const entries = new Map();

  function start(entry, ask) {
    entry.triedAt = Date.now();
    entry.isOld = false;
    entry.running = ask()
      .then(
        (value) => {
          entry.value = value;
          entry.at = Date.now();
          entry.problem = undefined;
        },
        (error) => {
          entry.problem = { message: error.message, since: entry.problem?.since ?? Date.now() };
        },
      )
      .finally(() => {
        entry.running = undefined;
        if (entry.isAwaited) onLate();
        entry.isAwaited = false;
      });
  }

  async function get(key, { freshMs, until, ask }) {
    const entry = entries.get(key) ?? { at: 0, triedAt: 0 };
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > most) entries.delete(entries.keys().next().value);
    const now = Date.now();
    const isFresh = entry.problem ? now - entry.triedAt < restMs : !entry.isOld && entry.at > now - freshMs;
    if (!isFresh && !entry.running) start(entry, ask);
    if (entry.running) {
      await Promise.race([entry.running, pause(entry.at > 0 ? patienceMs : Math.max(0, until - now))]);
      if (isOnTheWay(entry)) entry.isAwaited = true;
    }
    if (entry.at === 0)
      throw new Error(
        entry.problem?.message ?? 'It has not answered yet; the portal goes on asking. Look again in a moment.',
      );
    const late = entry.running && { message: 'It takes long to answer.', since: entry.triedAt };
    const problem = entry.problem ?? late;
    return { value: entry.value, at: entry.at, ...(problem && { problem }) };
  }
  return Object.assign(get, {
    forget(beginning) {
      for (const [key, entry] of entries) if (key.startsWith(beginning)) entry.isOld = true;
    },
  });
}

const clock = (at) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const problemWords = ({ message, since }) => `Not up to date since ${clock(since)}: ${message}`;

export const withAge = (view, { at, problem }) =>
  problem
    ? {
        ...view,
        asOf: new Date(at).toISOString(),
        note: `${problemWords(problem).replace(/\.?$/, '.')} ${view.note ?? ''}`.trim().slice(0, 2000),
      }
    : view;
