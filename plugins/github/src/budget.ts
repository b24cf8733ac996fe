/** Who a call is for. Work in the background leaves a tenth of the limit to people. */
export type Purpose = 'people' | 'background';
type Known = { limit: number; remaining: number; resetAt: number };

/** How much of a limit work in the background leaves. */
const reserve = 0.1;
const kinds = { core: 'calls', graphql: 'points', search: 'searches' } as Record<string, string>;

const numberIn = (headers: Record<string, string>, name: string): number | undefined => {
  const value = headers[name];
  return value !== undefined && Number.isFinite(Number(value)) ? Number(value) : undefined;
};

/** What hosts have said of their limits, by who asks and of which kind the call is. */
export function createBudget(now: () => number = Date.now) {
  const known = new Map<string, Known>();
  const closedUntil = new Map<string, number>();
  const keyOf = (who: string, resource: string) => `${who} ${resource}`;
  const clock = (time: number) => `${new Date(time).toISOString().slice(11, 16)} UTC`;

  return {
    learn(who: string, resource: string, status: number, headers: Record<string, string>): void {
      const limit = numberIn(headers, 'x-ratelimit-limit');
      const remaining = numberIn(headers, 'x-ratelimit-remaining');
      const reset = numberIn(headers, 'x-ratelimit-reset');
      if (limit !== undefined && remaining !== undefined && reset !== undefined)
        known.set(keyOf(who, headers['x-ratelimit-resource'] ?? resource), {
          limit,
          remaining,
          resetAt: reset * 1000,
        });
      const wait = numberIn(headers, 'retry-after');
      if ((status === 403 || status === 429) && wait !== undefined) closedUntil.set(who, now() + wait * 1000);
    },
    /** @throws Error with code RATE_LIMITED that says when calls are taken again */
    assert(host: string, who: string, resource: string, purpose: Purpose): void {
      const refuse = (message: string) => {
        throw Object.assign(new Error(`${host}: ${message}`), { code: 'RATE_LIMITED' });
      };
      const closed = closedUntil.get(who);
      if (closed !== undefined && closed > now()) refuse(`it asked to be left alone until ${clock(closed)}`);
      closedUntil.delete(who);
      const found = known.get(keyOf(who, resource));
      if (!found || found.resetAt <= now()) return;
      const what = kinds[resource] ?? resource;
      if (found.remaining <= 0) refuse(`all ${found.limit} ${what} are used up until ${clock(found.resetAt)}`);
      if (purpose === 'background' && found.remaining <= found.limit * reserve)
        refuse(
          `${found.remaining} of ${found.limit} ${what} are left until ${clock(found.resetAt)}, which are kept for people`,
        );
    },
    /** For pages: what is left of each kind, the scarcest first. */
    left(who: string): { resource: string; remaining: number; limit: number; resetAt: number }[] {
      return [...known]
        .filter(([key, { resetAt }]) => key.startsWith(`${who} `) && resetAt > now())
        .map(([key, value]) => ({ resource: key.slice(who.length + 1), ...value }))
        .toSorted((a, b) => a.remaining / a.limit - b.remaining / b.limit);
    },
  };
}
export type Budget = ReturnType<typeof createBudget>;
