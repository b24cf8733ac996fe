import type { FastifyInstance, FastifyReply } from 'fastify';
import { httpErrors } from './errors.ts';
import type { Metrics } from './metrics.ts';

/** Throws, or answers with a reason, while a part of the portal cannot serve. */
export type ReadinessCheck = () => Promise<string | undefined> | string | undefined;

export type Readiness = {
  /** Says whether start-up is finished; /readyz answers 503 until then. */
  setReady: (ready: boolean) => void;
  /** Lets a part of the portal say that it cannot serve; returns what takes the check back. */
  addReadinessCheck: (name: string, check: ReadinessCheck) => () => void;
};

const checkLimitMs = 5000;

async function reasonOf(name: string, check: ReadinessCheck): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${checkLimitMs / 1000} s`), checkLimitMs);
  });
  try {
    const reason = await Promise.race([check(), late]);
    return reason && `${name}: ${reason}`;
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Adds the addresses that orchestrators and scrapers ask: alive, ready, and numbers.
 *
 * @param http - the server
 * @param metrics - what /metrics shows
 */
export function registerHealth(http: FastifyInstance, metrics: Metrics): Readiness {
  let ready = false;
  const checks = new Map<string, ReadinessCheck>();

  const answerAlive = async () => ({ status: 'ok' });
  const answerReady = async (_request: unknown, reply: FastifyReply) => {
    const found = await Promise.all([...checks].map(([name, check]) => reasonOf(name, check)));
    const reasons = [...(ready ? [] : ['start-up is not finished']), ...found.filter((reason) => reason !== undefined)];
    if (reasons.length > 0) throw httpErrors.notReady({ reasons: reasons.join('; ') }, { details: { reasons } });
    void reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  };

  const options = { config: { permission: 'none' }, schema: { hide: true }, logLevel: 'warn' as const };
  for (const url of ['/healthz', '/.backstage/health/v1/liveness']) http.get(url, options, answerAlive);
  for (const url of ['/readyz', '/.backstage/health/v1/readiness']) http.get(url, options, answerReady);
  http.get('/metrics', options, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').header('cache-control', 'no-store').send(metrics.text()),
  );

  return {
    setReady(value) {
      ready = value;
    },
    addReadinessCheck(name, check) {
      checks.set(name, check);
      return () => void checks.delete(name);
    },
  };
}
