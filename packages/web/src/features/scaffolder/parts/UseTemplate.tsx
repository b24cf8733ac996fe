import { IconPencil } from '@tabler/icons-react';
import type { EntityPartProps } from '../../../core/router/index.ts';
import { LinkButton } from '../../../core/ui/index.ts';

/** What a template is for, as the first button of its page. */
export function UseTemplate({ entity, entityRef }: EntityPartProps) {
  const { namespace = 'default', name } = entity.metadata;
  return (
    <>
      <LinkButton to={`/create/templates/${namespace}/${name}`}>Use this template</LinkButton>
      <LinkButton
        to="/create/edit"
        search={{ template: entityRef }}
        variant="default"
        leftSection={<IconPencil size="0.875rem" />}
      >
        Open in the template editor
      </LinkButton>
    </>
  );
}
