export async function beginStep(host, key) {
  const name = `step/${key}`.slice(0, 200);
  const isNew = await host.store.add(name, { at: Date.now() });
  const { at, made } = (await host.store.get(name)) ?? { at: Date.now() };
  return {
    startedAt: at,
    isAgain: !isNew,
    made,
    done: (value) => host.store.set(name, { at, made: value }),
  };
}
