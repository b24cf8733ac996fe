import type { WebPlugin } from '@callboard/model/http';
import { createContext, use } from 'react';

/** The plugin whose part is drawn. */
export const PluginContext = createContext<WebPlugin | undefined>(undefined);

/** @throws outside of a plugin's part */
export function usePluginHere(): WebPlugin {
  const plugin = use(PluginContext);
  if (!plugin) throw new Error('This can be used in parts of plugins only');
  return plugin;
}
