import type { Plugin } from './plugin.ts';

export declare const definePlugin: (plugin: Plugin) => Plugin;
type Message = Record<string, unknown> & { type: string };
export declare function createRunner(
  send: (message: Message) => void,
  load: (entry: string) => Promise<{ default?: unknown }>,
): (message: Message) => void;
