import type { ApiSummary } from '@callboard/model';
import type { EntityTexts } from '../catalog/index.ts';
import { apiErrors } from './errors.ts';
import type { Readers } from './readers.ts';
import type { Part, Understood } from './understood.ts';

/** What APIs offer, read when somebody asks and kept as long as the definition is the same. */
export type Definitions = {
  /** @throws AppError when there is no such API or it has no definition */
  of(ref: string): Promise<Understood>;
  /** What lists say of several; those without a definition are left out. */
  summaries(refs: readonly string[]): Promise<Map<string, ApiSummary>>;
};

/** Characters kept in memory, and how many summaries. */
const most = { characters: 64 * 1024 * 1024, summaries: 20_000 };

/** Forgets what was asked for longest ago. */
const shrink = <V>(map: Map<string, V>, isFull: () => boolean, forget: (value: V) => void) => {
  for (const [key, value] of map) {
    if (map.size <= 1 || !isFull()) return;
    map.delete(key);
    forget(value);
  }
};

export function createDefinitions(catalog: EntityTexts, readers: Readers): Definitions {
  const kept = new Map<string, Understood>();
  const reading = new Map<string, Promise<Understood | undefined>>();
  const summaries = new Map<string, ApiSummary | null>();
  let characters = 0;

  function keep(key: string, understood: Understood | undefined): void {
    summaries.delete(key);
    summaries.set(key, understood?.summary ?? null);
    shrink(
      summaries,
      () => summaries.size > most.summaries,
      () => undefined,
    );
    if (!understood) return;
    kept.set(key, understood);
    characters += understood.size;
    shrink(
      kept,
      () => characters > most.characters,
      (old) => (characters -= old.size),
    );
  }

  /** One reading however many ask at once. */
  function read(key: string, text: () => Promise<string | undefined>): Promise<Understood | undefined> {
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      return Promise.resolve(known);
    }
    const running = reading.get(key);
    if (running) return running;
    const started = text()
      .then((entity) => (entity === undefined ? undefined : readers.read(entity)))
      .then((understood) => {
        keep(key, understood);
        return understood;
      })
      .finally(() => reading.delete(key));
    reading.set(key, started);
    return started;
  }

  const keyOf = (ref: string, etag: string) => `${ref} ${etag}`;

  return {
    async of(ref) {
      const etag = (await catalog.etagsOf([ref])).get(ref);
      if (etag === undefined || !ref.startsWith('api:')) throw apiErrors.apiUnknown({ ref });
      const key = keyOf(ref, etag);
      const understood = await read(key, async () => (await catalog.textsOf([ref])).get(ref));
      if (!understood) throw apiErrors.definitionMissing({ ref });
      return understood;
    },
    async summaries(refs) {
      const etags = await catalog.etagsOf(refs.filter((ref) => ref.startsWith('api:')));
      const unknown = [...etags].filter(([ref, etag]) => !summaries.has(keyOf(ref, etag))).map(([ref]) => ref);
      const texts = await catalog.textsOf(unknown);
      await Promise.all(unknown.map((ref) => read(keyOf(ref, etags.get(ref)!), async () => texts.get(ref))));
      const found = new Map<string, ApiSummary>();
      for (const [ref, etag] of etags) {
        const summary = summaries.get(keyOf(ref, etag));
        if (summary) found.set(ref, summary);
      }
      return found;
    },
  };
}

/** Most types that come with a part, and most characters of them; the others are asked for one by one. */
const bundle = { types: 80, characters: 250_000 };

/** A part with the types that it needs, as JSON text. */
export function detailText(understood: Understood, part: Part): string {
  const chosen = new Map<string, Part>();
  let characters = 0;
  let next = part.refs;
  while (next.length > 0 && chosen.size < bundle.types && characters < bundle.characters) {
    const after = new Set<string>();
    for (const id of next) {
      const type = understood.types.get(id);
      if (!type || chosen.has(id) || chosen.size >= bundle.types) continue;
      chosen.set(id, type);
      characters += type.json.length;
      for (const ref of type.refs) after.add(ref);
    }
    next = [...after];
  }
  const types = [...chosen].map(([id, { json }]) => `${JSON.stringify(id)}:${json}`).join(',');
  return `{"item":${part.json},"types":{${types}}}`;
}
