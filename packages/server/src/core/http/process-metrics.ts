import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';

const resolutionMs = 10;

/**
 * Adds CPU, memory and event-loop delay of this process. The delay counts since the scrape before.
 *
 * @returns stops the measuring
 */
export function registerProcessMetrics(metrics: Metrics): () => void {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  // The timer's own interval is part of what it measures.
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1000);
  metrics.counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time of this process, user and system',
    read() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  });
  metrics.gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of this process',
    read: () => process.memoryUsage.rss(),
  });
  metrics.gauge({
    name: 'nodejs_heap_used_bytes',
    help: 'JavaScript heap in use',
    read: () => process.memoryUsage().heapUsed,
  });
  metrics.gauge({
    name: 'process_start_time_seconds',
    help: 'When this process started',
    read: () => Math.round((Date.now() - process.uptime() * 1000) / 1000),
  });
  metrics.gauge({
    name: 'nodejs_eventloop_delay_seconds',
    help: 'How long the event loop was late since the scrape before',
    read() {
      const values = [
        { labels: { quantile: '0.5' }, value: seconds(delay.percentile(50)) },
        { labels: { quantile: '0.99' }, value: seconds(delay.percentile(99)) },
        { labels: { quantile: 'max' }, value: seconds(delay.max) },
      ];
      delay.reset();
      return values;
    },
  });
  return () => delay.disable();
}
