import type { OwnSignal } from './settings.ts';

export const signalIds = ['rate', 'errors', 'latency', 'saturation'] as const;
export type SignalId = (typeof signalIds)[number];

/** Selects a metric of the entity: `of('up', 'code="500"')`. */
export type Of = (metric: string, more?: string) => string;
/** One way to know a signal: the metrics that must be there, and what to ask. The first series is the headline. */
export type Way = {
  metrics: string[];
  /** A label that these metrics must have */
  label?: string;
  title: string;
  unit: string;
  series: (of: Of, window: string) => [name: string, query: string][];
};
export type Signal = { id: SignalId; title: string; warnAbove?: number; badAbove?: number; ways: Way[] };

/** Counters of requests, as the usual libraries name them. */
const requests = [
  'http_requests_total',
  'http_server_requests_total',
  'http_request_duration_seconds_count',
  'http_requests_duration_seconds_count',
  'http_server_requests_seconds_count',
  'http_server_request_duration_seconds_count',
  'http_server_duration_milliseconds_count',
];
export const statusLabels = ['code', 'status', 'status_code', 'http_status_code', 'http_response_status_code'];
const grpc = 'grpc_server_handled_total';
const grpcFaults = 'grpc_code=~"Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss"';
const durations: [metric: string, toMilliseconds: number][] = [
  ['http_request_duration_seconds', 1000],
  ['http_requests_duration_seconds', 1000],
  ['http_server_requests_seconds', 1000],
  ['http_server_request_duration_seconds', 1000],
  ['http_server_duration_milliseconds', 1],
  ['grpc_server_handling_seconds', 1000],
];

const sumOfRate = (selected: string, window: string) => `sum(rate(${selected}[${window}]))`;
/** The share of faults; none is 0 % as long as there are requests. */
const share = (faults: string, all: string) => `100 * (${faults} or 0 * ${all}) / ${all}`;

const rateWays = [...requests, grpc].map((metric): Way => ({
  metrics: [metric],
  title: 'Requests',
  unit: '/s',
  series: (of, window) => [['requests', sumOfRate(of(metric), window)]],
}));

const errorWays = [
  ...requests.flatMap((metric) =>
    statusLabels.map((label): Way => ({
      metrics: [metric],
      label,
      title: 'Errors',
      unit: '%',
      series: (of, window) => [
        ['errors', share(sumOfRate(of(metric, `${label}=~"5.."`), window), sumOfRate(of(metric), window))],
      ],
    })),
  ),
  {
    metrics: [grpc],
    title: 'Errors',
    unit: '%',
    series: (of: Of, window: string): [string, string][] => [
      ['errors', share(sumOfRate(of(grpc, grpcFaults), window), sumOfRate(of(grpc), window))],
    ],
  },
];

const quantile = (part: number, selected: string, window: string, factor: number) =>
  `${factor} * histogram_quantile(${part}, sum by (le) (rate(${selected}[${window}])))`;

const latencyWays = [
  ...durations.map(([metric, factor]): Way => ({
    metrics: [`${metric}_bucket`],
    title: 'Latency, p95',
    unit: 'ms',
    series: (of, window) =>
      (
        [
          ['p95', 0.95],
          ['p50', 0.5],
          ['p99', 0.99],
        ] as const
      ).map(([name, part]) => [name, quantile(part, of(`${metric}_bucket`), window, factor)]),
  })),
  ...durations.map(([metric, factor]): Way => ({
    metrics: [`${metric}_sum`, `${metric}_count`],
    title: 'Latency, mean',
    unit: 'ms',
    series: (of, window) => [
      ['mean', `${factor} * ${sumOfRate(of(`${metric}_sum`), window)} / ${sumOfRate(of(`${metric}_count`), window)}`],
    ],
  })),
];

const saturationWays: Way[] = [
  {
    metrics: ['container_cpu_usage_seconds_total', 'kube_pod_container_resource_limits'],
    title: 'CPU, of the limit',
    unit: '%',
    series: (of, window) => [
      [
        'CPU',
        `100 * ${sumOfRate(of('container_cpu_usage_seconds_total'), window)} / sum(${of('kube_pod_container_resource_limits', 'resource="cpu"')})`,
      ],
    ],
  },
  {
    metrics: ['container_memory_working_set_bytes', 'container_spec_memory_limit_bytes'],
    title: 'Memory, of the limit',
    unit: '%',
    series: (of) => [
      [
        'memory',
        `100 * max(${of('container_memory_working_set_bytes')} / (${of('container_spec_memory_limit_bytes')} > 0))`,
      ],
    ],
  },
  {
    metrics: ['jvm_memory_used_bytes', 'jvm_memory_max_bytes'],
    title: 'Heap, of the most',
    unit: '%',
    series: (of) => [
      [
        'heap',
        `100 * sum(${of('jvm_memory_used_bytes', 'area="heap"')}) / sum(${of('jvm_memory_max_bytes', 'area="heap"')} > 0)`,
      ],
    ],
  },
  {
    metrics: ['process_cpu_seconds_total'],
    title: 'CPU, of one core',
    unit: '%',
    series: (of, window) => [['CPU', `100 * max(rate(${of('process_cpu_seconds_total')}[${window}]))`]],
  },
  {
    metrics: ['node_cpu_seconds_total'],
    title: 'CPU of the machine',
    unit: '%',
    series: (of, window) => [
      ['CPU', `100 * (1 - avg(rate(${of('node_cpu_seconds_total', 'mode="idle"')}[${window}])))`],
    ],
  },
];

const defaults: Signal[] = [
  { id: 'rate', title: 'Requests', ways: rateWays },
  { id: 'errors', title: 'Errors', warnAbove: 1, badAbove: 5, ways: errorWays },
  { id: 'latency', title: 'Latency', ways: latencyWays },
  { id: 'saturation', title: 'Saturation', warnAbove: 80, badAbove: 95, ways: saturationWays },
];

/** The golden signals, those of the configuration in place of ours. `{selector}` and `{window}` of their queries are filled in. */
export function signalsOf(own: readonly OwnSignal[]): Signal[] {
  return defaults.map((signal) => {
    const given = own.filter((each) => each.signal === signal.id);
    if (given.length === 0) return signal;
    const [first] = given;
    return {
      ...signal,
      title: first!.title ?? signal.title,
      warnAbove: first!.warnAbove ?? (first!.unit === undefined ? signal.warnAbove : undefined),
      badAbove: first!.badAbove ?? (first!.unit === undefined ? signal.badAbove : undefined),
      ways: given.map((each): Way => ({
        metrics: [],
        title: each.title ?? signal.title,
        unit: each.unit ?? signal.ways[0]!.unit,
        series: (of, window) => [
          ['', each.query.replaceAll('{selector}', of('').slice(1, -1)).replaceAll('{window}', window)],
        ],
      })),
    };
  });
}

/** Every metric that a signal may be made of. */
export const metricsOf = (signals: readonly Signal[]): string[] => [
  ...new Set(signals.flatMap(({ ways }) => ways.flatMap(({ metrics }) => metrics))),
];
/** Those whose labels are looked at. */
export const labelledMetrics = requests;
