export type Labels = Record<string, string | number>;
export type Counter = { add(value?: number, labels?: Labels): void };
export type Gauge = { set(value: number, labels?: Labels): void };
export type Histogram = { observe(value: number, labels?: Labels): void };
type Definition = { name: string; help: string };

/** The numbers of the process, in Prometheus' text format. Every room and feature adds its own. */
export type Metrics = {
  /** A number that only grows; `_total` belongs at the end of its name. With `read` it is asked for at each scrape. */
  counter(definition: Definition & { read?: () => number }): Counter;
  /** A number that goes up and down; with `read` it is asked for at each scrape. */
  gauge(definition: Definition & { read?: () => number | { labels: Labels; value: number }[] }): Gauge;
  /** How often a value fell into which range. */
  histogram(definition: Definition & { buckets: number[] }): Histogram;
  /** Everything, as the text that a scraper reads. */
  text(): string;
};

const escapeLabel = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function labelText(labels: Labels = {}): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return '';
  return `{${entries.map(([key, value]) => `${key}="${escapeLabel(String(value))}"`).join(',')}}`;
}

const numberText = (value: number) =>
  Number.isFinite(value) ? String(value) : value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : 'NaN';

type Family = { type: string; help: string; lines: () => string[] };

/** Makes an empty register of metrics. */
export function createMetrics(): Metrics {
  const families = new Map<string, Family>();
  const define = (name: string, family: Family) => {
    if (families.has(name)) throw new Error(`The metric ${name} is defined twice`);
    families.set(name, family);
  };

  return {
    counter({ name, help, read }) {
      const values = new Map<string, number>();
      define(name, {
        type: 'counter',
        help,
        lines() {
          if (read) values.set('', read());
          return [...values].map(([key, value]) => `${name}${key} ${value}`);
        },
      });
      return {
        add(value = 1, labels) {
          const key = labelText(labels);
          values.set(key, (values.get(key) ?? 0) + value);
        },
      };
    },

    gauge({ name, help, read }) {
      const values = new Map<string, number>();
      define(name, {
        type: 'gauge',
        help,
        lines() {
          const now = read?.();
          if (typeof now === 'number') values.set('', now);
          else if (now) {
            values.clear();
            for (const { labels, value } of now) values.set(labelText(labels), value);
          }
          return [...values].map(([key, value]) => `${name}${key} ${numberText(value)}`);
        },
      });
      return { set: (value, labels) => void values.set(labelText(labels), value) };
    },

    histogram({ name, help, buckets }) {
      const series = new Map<string, { labels: Labels; counts: number[]; sum: number; count: number }>();
      define(name, {
        type: 'histogram',
        help,
        lines: () =>
          [...series.values()].flatMap(({ labels, counts, sum, count }) => [
            ...buckets.map((bucket, index) => `${name}_bucket${labelText({ ...labels, le: bucket })} ${counts[index]}`),
            `${name}_bucket${labelText({ ...labels, le: '+Inf' })} ${count}`,
            `${name}_sum${labelText(labels)} ${sum}`,
            `${name}_count${labelText(labels)} ${count}`,
          ]),
      });
      return {
        observe(value, labels = {}) {
          const key = labelText(labels);
          let entry = series.get(key);
          if (!entry) series.set(key, (entry = { labels, counts: buckets.map(() => 0), sum: 0, count: 0 }));
          entry.sum += value;
          entry.count += 1;
          for (let index = buckets.length - 1; index >= 0 && value <= buckets[index]!; index -= 1)
            entry.counts[index] = entry.counts[index]! + 1;
        },
      };
    },

    text: () =>
      [...families]
        .flatMap(([name, { type, help, lines }]) => [
          `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
          `# TYPE ${name} ${type}`,
          ...lines(),
        ])
        .join('\n') + '\n',
  };
}
