import type { RegistryFieldsType } from '@rjsf/utils';
import { EntityPicker, MultiEntityPicker, MyGroupsPicker, OwnedEntityPicker, OwnerPicker } from './EntityFields.tsx';
import { OptionsField } from './OptionsField.tsx';
import { RepoBranchPicker, RepoOwnerPicker, RepoUrlPicker } from './RepoFields.tsx';
import { EntityNamePicker, EntityTagsPicker, Secret } from './TextFields.tsx';

/** Field extensions by the names that templates use. */
export const fields = {
  EntityNamePicker,
  EntityPicker,
  EntityTagsPicker,
  MultiEntityPicker,
  MyGroupsPicker,
  OptionsField,
  OwnedEntityPicker,
  OwnerPicker,
  RepoBranchPicker,
  RepoOwnerPicker,
  RepoUrlPicker,
  Secret,
} as unknown as RegistryFieldsType;

export const knownFields: ReadonlySet<string> = new Set(Object.keys(fields));
