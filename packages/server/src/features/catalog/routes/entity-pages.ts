import { defaultPages } from '@callboard/model';
import { EntityPagesResponse } from '@callboard/model/http';
import type { Routes, RouteTools } from './tools.ts';
import { base } from './tools.ts';

/** GET /pages */
export function registerEntityPages(http: Routes, { context }: RouteTools): void {
  http.get(
    `${base}/pages`,
    {
      config: { permission: 'catalog.entity.read' },
      schema: {
        operationId: 'GetEntityPages',
        tags: ['entities'],
        summary: 'Which tabs and cards the pages of entities have',
        response: { 200: EntityPagesResponse },
      },
    },
    async () => ({ items: [...context.config.pages, ...defaultPages] }),
  );
}
