import { definePlugin } from '@callboard/plugin-api';
import { usualTiming } from './follow.ts';
import { kubernetes } from './plugin.ts';

export default definePlugin(kubernetes({ timing: usualTiming, restMs: 2_000, rememberMs: 300_000 }));
