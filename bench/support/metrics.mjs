import { ask } from './http.mjs';

const sample = /^(\w+)(?:\{(.*)\})? (\S+)$/;

/** Reads /metrics: a list of name, labels and value. Reading resets the maximum of the event-loop delay. */
export async function scrape(url) {
  const { text } = await ask(`${url}/metrics`);
  return text.split('\n').flatMap((line) => {
    const found = sample.exec(line);
    if (!found) return [];
    const labels = Object.fromEntries(
      [...(found[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, value]) => [key, value]),
    );
    return [{ name: found[1], labels, value: Number(found[3]) }];
  });
}

/** The longest that the event loop was late since the scrape before, in milliseconds. */
export function longestStall(samples) {
  const found = samples.find(
    ({ name, labels }) => name === 'nodejs_eventloop_delay_seconds' && labels.quantile === 'max',
  );
  return found && Math.round(found.value * 10_000) / 10;
}

/**
 * The time inside the server of the API requests between two scrapes: from a request's arrival to the end of its answer.
 *
 * @returns their number, mean, and the smallest bucket that holds half (or 99 %) of them, in milliseconds
 */
export function insideServer(before, after) {
  const totals = (samples) => {
    const buckets = new Map();
    let sum = 0;
    let count = 0;
    for (const { name, labels, value } of samples) {
      if (!labels.route?.startsWith('/api/')) continue;
      if (name === 'http_request_duration_seconds_sum') sum += value;
      if (name === 'http_request_duration_seconds_count') count += value;
      if (name === 'http_request_duration_seconds_bucket')
        buckets.set(labels.le, (buckets.get(labels.le) ?? 0) + value);
    }
    return { buckets, sum, count };
  };
  const [first, last] = [totals(before), totals(after)];
  const requests = last.count - first.count;
  if (requests === 0) return undefined;
  const atMost = (share) => {
    const limits = [...last.buckets.keys()].map(Number).sort((a, b) => a - b);
    const limit = limits.find((le) => {
      const key = le === Infinity ? '+Inf' : String(le);
      return (last.buckets.get(key) ?? 0) - (first.buckets.get(key) ?? 0) >= share * requests;
    });
    return limit === undefined || limit === Infinity ? undefined : limit * 1000;
  };
  return {
    requests,
    mean: Math.round(((last.sum - first.sum) / requests) * 1e5) / 100,
    p50AtMost: atMost(0.5),
    p99AtMost: atMost(0.99),
  };
}
