import { IconSquareRoundedPlus } from '@tabler/icons-react';
import { lazy } from 'react';
import type { Entity } from '@callboard/model';
import type { Feature } from '../../core/router/index.ts';
import { textAt } from '../catalog/index.ts';
import { scaffolderRoutes } from './routes.ts';

const isTemplate = (entity: Entity): boolean => entity.kind.toLowerCase() === 'template';
const isMade = (entity: Entity): boolean =>
  textAt(entity, 'metadata.annotations.backstage.io/source-template') !== undefined ||
  textAt(entity, 'spec.scaffoldedFrom') !== undefined;

/** Templates: the gallery, the wizard, runs, the reference, the editor; and what entities say of the template that made them. */
export const scaffolder: Feature = {
  name: 'scaffolder',
  routes: scaffolderRoutes,
  palette: () => import('./palette.tsx').then(({ scaffolderPalette }) => scaffolderPalette),
  navigation: [
    {
      label: 'Create',
      to: '/create',
      key: 'n',
      icon: IconSquareRoundedPlus,
      group: 'work',
      permission: 'scaffolder.template.parameter.read',
      owns: (pathname) => pathname === '/create' || pathname.startsWith('/create/'),
    },
  ],
  entityActions: [
    {
      id: 'use-template',
      when: isTemplate,
      component: lazy(async () => ({ default: (await import('./parts/UseTemplate.tsx')).UseTemplate })),
    },
  ],
  entityCards: [
    {
      id: 'made-from',
      title: 'Made from a template',
      when: isMade,
      component: lazy(async () => ({ default: (await import('./parts/MadeFrom.tsx')).MadeFrom })),
    },
    {
      id: 'template-runs',
      title: 'Runs of this template',
      when: isTemplate,
      component: lazy(async () => ({ default: (await import('./parts/TemplateRuns.tsx')).TemplateRuns })),
    },
  ],
};
