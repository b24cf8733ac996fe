import type { PluginGrants } from '@callboard/model/http';
import type { Asks } from '@callboard/model/plugins';

/** Everything that a plugin asks for, as grants. */
export const allOf = (asks: Asks = {}): PluginGrants => ({
  hosts: asks.hosts ?? [],
  secrets: (asks.secrets ?? []).map(({ name }) => name),
  catalog: asks.catalog ?? [],
  store: asks.store ?? false,
  files: asks.files ?? false,
  settings: asks.settings ?? [],
});

/** What of the grants the plugin still asks for; never more than it asks for. */
export function narrow(grants: PluginGrants, asks: Asks = {}): PluginGrants {
  const most = allOf(asks);
  return {
    hosts: (grants.hosts ?? []).filter((host) => most.hosts!.includes(host)),
    secrets: (grants.secrets ?? []).filter((name) => most.secrets!.includes(name)),
    catalog: (grants.catalog ?? []).filter((right) => most.catalog!.includes(right)),
    store: (grants.store ?? false) && most.store,
    files: (grants.files ?? false) && most.files,
    settings: (grants.settings ?? []).filter((name) => most.settings!.includes(name)),
  };
}

/** What a new version asks for beyond the one before. */
export function newAsks(asks: Asks = {}, before: Asks = {}): Asks {
  const had = allOf(before);
  return {
    hosts: asks.hosts?.filter((host) => !had.hosts!.includes(host)),
    secrets: asks.secrets?.filter(({ name }) => !had.secrets!.includes(name)),
    catalog: asks.catalog?.filter((right) => !had.catalog!.includes(right)),
    store: asks.store && !had.store,
    files: asks.files && !had.files,
    settings: asks.settings?.filter((name) => !had.settings!.includes(name)),
  };
}
