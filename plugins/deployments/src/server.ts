import { definePlugin } from '@callboard/plugin-api';
import { deployments } from './plugin.ts';

export default definePlugin(deployments({ firstMs: 2_000 }));
