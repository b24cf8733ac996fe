export { pluginRoutes } from './routes.ts';
export { startPlugins } from './start.ts';
export { Drawing } from './views/Drawing.tsx';
