/** So long work in the background waits for those who are reading, however many there are. */
const patienceMs = 1_000;

/** Lets people who look at pages go before work that nobody waits for. */
export type Views = {
  /** Does what somebody waits for. */
  first<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nobody waits, or has waited long enough itself. */
  quiet(): Promise<void>;
};

export function createViews(): Views {
  let underway = 0;
  let idle: PromiseWithResolvers<void> | undefined;
  return {
    async first(work) {
      underway += 1;
      try {
        return await work();
      } finally {
        underway -= 1;
        if (underway === 0) {
          idle?.resolve();
          idle = undefined;
        }
      }
    },
    async quiet() {
      if (underway === 0) return;
      idle ??= Promise.withResolvers<void>();
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, patienceMs);
      timer.unref();
      await Promise.race([idle.promise, promise]);
      clearTimeout(timer);
    },
  };
}
