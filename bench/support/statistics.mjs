/** Numbers that describe numbers. */

const rounded = (value) => (value >= 100 ? Math.round(value) : Math.round(value * 100) / 100);

/** The value below which `share` of the values lie. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
}

/** What is reported of something measured several times. */
export function summary(values) {
  const median = percentile(values, 0.5);
  return {
    median: rounded(median),
    min: rounded(Math.min(...values)),
    max: rounded(Math.max(...values)),
    runs: values.length,
  };
}

/** What is reported of many requests. */
export function latencies(values) {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => rounded(percentile(values, share)));
  return { p50, p99, max, requests: values.length };
}

export { rounded };
