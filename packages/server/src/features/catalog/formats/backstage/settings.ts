import { hash as digest } from 'node:crypto';
import { createKinds, type KindInput, type KindRegistry } from '../../kinds.ts';
import type { CodeHost } from './hosts.ts';
import type { CatalogRule } from './rules.ts';

/** What may be read at most. */
export type PrepareLimits = { fileSize: number; depth: number; documents: number; placeholders: number };

/** Everything that decides, beside the text, what becomes of a descriptor. Plain data. */
export type PrepareSettings = {
  /** kinds of the configuration, beside the built-in ones */
  kinds?: KindInput[];
  /** `catalog.rules` and the rules of configured locations; undefined lets every kind in */
  rules?: CatalogRule[];
  /** code hosts of the configuration, beside the public ones */
  hosts?: CodeHost[];
  limits?: Partial<PrepareLimits>;
  /** false reports the faults of unrendered skeletons instead of skipping them */
  skipSkeletons?: boolean;
};

/** One descriptor file to be prepared. */
export type PrepareInput = {
  /** `file:/path`, `url:https://…`, `git:…` */
  location: string;
  /** the location that was configured or registered, which led here */
  originLocation: string;
  text: string | Uint8Array;
  settings: PrepareSettings;
  /** rules of this source, in addition to those of the settings; 'any' lets every kind in */
  rules?: CatalogRule[] | 'any';
  /** also tells where every value stands */
  outline?: boolean;
  /** reads the target of a placeholder; rejects when it is missing or not allowed */
  read(target: string): Promise<Uint8Array>;
};

export const defaultLimits: PrepareLimits = {
  fileSize: 10 * 1024 * 1024,
  depth: 200,
  documents: 50_000,
  placeholders: 5_000,
};

// Raise when the same text and settings give another result than before.
const edition = 1;

const compiled = new WeakMap<PrepareSettings, { kinds: KindRegistry; version: string }>();

/** What can be made of settings once for many documents. */
export const compileSettings = (settings: PrepareSettings) => {
  let found = compiled.get(settings);
  if (!found) {
    found = {
      kinds: createKinds(settings.kinds),
      version: digest('sha256', JSON.stringify([edition, settings]), 'hex'),
    };
    compiled.set(settings, found);
  }
  return found;
};

/** The hash of a document from its parts; `contents` gives what each dependency holds, or undefined when it cannot be read. */
export function documentHash(
  input: Pick<PrepareInput, 'location' | 'originLocation' | 'text' | 'settings' | 'rules'>,
  dependencies: string[],
  contents: (target: string) => Uint8Array | undefined,
): string {
  const { version } = compileSettings(input.settings);
  const own = digest('sha256', input.text, 'hex');
  const head = JSON.stringify([version, input.location, input.originLocation, input.rules ?? null, own]);
  const parts = dependencies.map((target) => {
    const bytes = contents(target);
    return `${target}\n${bytes ? digest('sha256', bytes, 'hex') : 'unreadable'}`;
  });
  return digest('sha256', [head, ...parts].join('\n'), 'hex');
}
