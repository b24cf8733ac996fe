import { definePlugin, type RouteAnswer } from '@callboard/plugin-api';
import { createEntries, draftOf, isCurrent } from './entries.ts';

const page = '/plugins/announcements/all';
const wrong = (message: string): RouteAnswer => ({ status: 400, body: { message } });
const missing: RouteAnswer = { status: 404, body: { message: 'There is no such announcement any more.' } };
const onHome = 5;

export default definePlugin({
  setup(host) {
    const entries = createEntries(host);
    const current = async () => {
      const now = new Date().toISOString();
      return (await entries.all()).filter((entry) => isCurrent(entry, now));
    };
    const told = async () => {
      await host.changed('views/current');
      await host.changed('searchSources/entries');
    };
    return {
      views: {
        async current() {
          const found = await current();
          return {
            model: 'timeline',
            ...(found.length === 0 && { note: 'There is nothing that everybody has to know at the moment.' }),
            items: found.slice(0, onHome).map(({ id, title, text, tone, from, createdAt }) => ({
              at: from ?? createdAt,
              title,
              tone,
              href: `${page}/${id}`,
              ...(text !== '' && { detail: text.slice(0, 300) }),
            })),
          };
        },
      },
      routes: {
        async list({ query }, { permissions = [] }) {
          const mayWrite = permissions.includes('manage');
          // What is not to be read yet, or no more, is for those who write.
          const items = query.all === 'true' && mayWrite ? await entries.all() : await current();
          return { body: { items, mayWrite } };
        },
        async add({ body }, { user }) {
          const draft = draftOf(body);
          if (typeof draft === 'string') return wrong(draft);
          const entry = await entries.add(draft, user);
          await told();
          return { status: 201, body: entry };
        },
        async change({ params, body }) {
          const draft = draftOf(body);
          if (typeof draft === 'string') return wrong(draft);
          const entry = await entries.change(params.id ?? '', draft);
          if (!entry) return missing;
          await told();
          return { body: entry };
        },
        async remove({ params }) {
          if (!(await entries.remove(params.id ?? ''))) return missing;
          await told();
          return { body: null };
        },
      },
      searchSources: {
        async entries() {
          const found = await current();
          return {
            documents: found.map(({ id, title, text }) => ({
              id,
              title,
              text,
              href: `${page}/${id}`,
              type: 'announcement',
            })),
          };
        },
      },
    };
  },
});
