import { hostname } from 'node:os';
import type { AuditDelivery } from '@callboard/model/http';
import type { Database } from '../../../core/db/index.ts';
import { AppError } from '../../../core/errors/index.ts';
import type { Jobs } from '../../../core/jobs/index.ts';
import type { Logger } from '../../../core/log/index.ts';
import type { Outbound } from '../../../core/outbound/index.ts';
import { syslogFrame } from '../formats/syslog/frames.ts';
import { syslogLine } from '../formats/syslog/lines.ts';
import type { AuditSyslogConfig } from '../policy/config.ts';
import type { Audit } from './audit.ts';
import { createDeliveryStore } from './delivery-store.ts';

const job = 'access.send-audit';
/** Entries of a moment go together. */
const gatherMs = 500;
const retryMs = 15_000;
const unknown = { fix: 'Look into the log of the portal.' };

/**
 * Sends every entry of the audit to a server of syslog, in order, by one replica at a time. What waits lies in the audit itself: no queue can
 * overflow, and a restart loses nothing. After a failure the last entries come once more.
 */
export function createAuditDelivery(
  core: { db: Database; jobs: Jobs; outbound: Outbound; log: Logger },
  audit: Audit,
  config: AuditSyslogConfig | undefined,
) {
  const store = createDeliveryStore(core.db);

  async function send({ address, ca, cert, key, serverName }: AuditSyslogConfig, signal: AbortSignal): Promise<void> {
    const tls = { ca, cert, key, serverName };
    const protocol = new URL(address).protocol;
    await audit.flush();
    const { sent = 0 } = (await store.state()) ?? {};
    try {
      for await (const entries of audit.store().all({}, sent)) {
        if (signal.aborted) return;
        const messages = entries.map((entry) => syslogFrame(protocol, syslogLine(entry, hostname())));
        await core.outbound.deliver(address, messages, { purpose: 'the audit', tls, signal });
        await store.sent(entries.at(-1)!.id);
      }
    } catch (error) {
      if (signal.aborted) return;
      const { message, fix } = error instanceof AppError ? error : { ...unknown, message: (error as Error).message };
      core.log.warn({ err: error }, 'the audit could not be sent; it is tried again');
      await store.failed({ message, fix });
    }
  }

  return {
    /** Entries are sent from now on, where that is configured. */
    async start(): Promise<void> {
      if (!config) return;
      await store.begin();
      core.jobs.define<null>({ name: job, every: retryMs, run: (_payload, { signal }) => send(config, signal) });
      audit.onWritten(() => {
        core.jobs
          .enqueue({ name: job, key: '', runAt: Date.now() + gatherMs })
          .catch((error: unknown) => core.log.warn({ err: error }, 'the audit could not be sent at once'));
      });
    },
    /** Where it goes, how far it is, and what is wrong. */
    async state(): Promise<AuditDelivery> {
      if (!config) return { sent: 0, waiting: 0 };
      const { sent = 0, last = 0, sentAt, problem } = (await store.state()) ?? {};
      return {
        address: config.address,
        sent,
        waiting: Math.max(0, last - sent),
        ...(sentAt !== undefined && { sentAt: new Date(sentAt).toISOString() }),
        ...(problem && { problem: { ...problem, since: new Date(problem.since).toISOString() } }),
      };
    },
  };
}
export type AuditDeliveryTools = ReturnType<typeof createAuditDelivery>;
