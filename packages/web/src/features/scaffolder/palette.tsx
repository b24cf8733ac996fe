import { IconBook2, IconHistory, IconPencil, IconPlayerPlay, IconSquareRoundedPlus } from '@tabler/icons-react';
import { icon, type PaletteContribution, type PaletteItem } from '../../core/palette/index.ts';
import { templatesQuery } from './api.ts';

const action = { group: 'Actions' } as const;

/** What can be created, and the pages of the scaffolder. */
export const scaffolderPalette: PaletteContribution = {
  actions: ({ client, pathname }) => {
    // What is not known yet is asked for, and there the next time the palette is asked.
    void client.prefetchQuery(templatesQuery);
    const templates = client.getQueryData(templatesQuery.queryKey) ?? [];
    const [, page, namespace, kind, name] = pathname.split('/');
    const here: PaletteItem[] =
      page === 'catalog' && kind?.toLowerCase() === 'template' && namespace && name
        ? [
            {
              ...action,
              id: 'use-this-template',
              label: 'Use this template',
              icon: icon(IconPlayerPlay),
              to: `/create/templates/${namespace}/${name}`,
            },
          ]
        : [];
    return [
      ...here,
      {
        ...action,
        id: 'create',
        label: 'Create something',
        keywords: 'new template scaffold',
        icon: icon(IconSquareRoundedPlus),
        to: '/create',
      },
      ...templates.map(({ ref, title, description, namespace: space, name: short, tags, type }): PaletteItem => ({
        ...action,
        id: `create ${ref}`,
        label: `Create: ${title}`,
        detail: description,
        keywords: ['new template', type, ...tags].join(' '),
        icon: icon(IconSquareRoundedPlus),
        to: `/create/templates/${space}/${short}`,
      })),
      {
        ...action,
        id: 'template-runs',
        label: 'Runs of templates',
        keywords: 'tasks scaffolder history',
        icon: icon(IconHistory),
        to: '/create/tasks',
        permission: 'scaffolder.task.read',
      },
      {
        ...action,
        id: 'template-actions',
        label: 'Reference of actions and filters',
        keywords: 'template steps',
        icon: icon(IconBook2),
        to: '/create/actions',
      },
      {
        ...action,
        id: 'template-editor',
        label: 'Write a template',
        keywords: 'editor new',
        icon: icon(IconPencil),
        to: '/create/edit',
        permission: 'scaffolder.template.management',
      },
    ];
  },
};
