import { Ajv, type ValidateFunction } from 'ajv';
import type { Fault } from '@callboard/model';
import { AppError } from '../../core/errors/index.ts';
import { kindSchema } from './config.ts';
import { createKinds, type KindInput, type KindRegistry } from './kinds.ts';

/** The kinds of the catalog, of which some come and go while it runs. */
export type LiveKinds = {
  /** always answers by the kinds of now */
  registry: KindRegistry;
  /** the kinds beside the built-in ones */
  custom(): KindInput[];
  /** Puts these beside those of the configuration, one by one, leaving out what is wrong or taken. */
  use(kinds: readonly { from: string; kind: unknown }[]): {
    changed: boolean;
    refused: { from: string; faults: Fault[] }[];
  };
};

let compiled: ValidateFunction | undefined;

/** Compiled when the first plugin brings a kind: few do. */
const validator = () => (compiled ??= new Ajv({ allErrors: true, strict: false }).compile(kindSchema));

/** @param configured - `catalog.kinds` */
export function createLiveKinds(configured: KindInput[]): LiveKinds {
  let current = createKinds(configured);
  let custom = configured;
  return {
    registry: {
      get all() {
        return current.all;
      },
      get pairs() {
        return current.pairs;
      },
      find: (entity) => current.find(entity),
      inverseOf: (type) => current.inverseOf(type),
      isStored: (type) => current.isStored(type),
      relationRules: (entity) => current.relationRules(entity),
      validate: (entity) => current.validate(entity),
    },
    custom: () => custom,
    use(kinds) {
      let accepted = configured;
      let registry = createKinds(configured);
      const refused: { from: string; faults: Fault[] }[] = [];
      for (const { from, kind } of kinds) {
        const validate = validator();
        if (!validate(kind)) {
          const fix = 'Write the kind as under catalog.kinds in the configuration.';
          const faults = (validate.errors ?? []).map(({ instancePath, message }) => ({
            code: 'CATALOG_KINDS_INVALID',
            path: instancePath,
            message: `${instancePath || 'It'} ${message ?? 'is not valid'}`,
            fix,
          }));
          refused.push({ from, faults });
          continue;
        }
        try {
          const more = [...accepted, kind as KindInput];
          registry = createKinds(more);
          accepted = more;
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          refused.push({ from, faults: (error.details?.['faults'] as Fault[] | undefined) ?? [] });
        }
      }
      const changed = JSON.stringify(accepted) !== JSON.stringify(custom);
      if (changed) {
        current = registry;
        custom = accepted;
      }
      return { changed, refused };
    },
  };
}
