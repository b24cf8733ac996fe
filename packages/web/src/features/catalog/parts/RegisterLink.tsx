import type { ReactNode } from 'react';
import { May } from '../../../core/session/index.ts';
import { LinkButton } from '../../../core/ui/index.ts';

type RegisterLinkProps = { variant?: 'filled' | 'default'; leftSection?: ReactNode };

/** The way to register a location, for who may. */
export const RegisterLink = ({ variant = 'filled', leftSection }: RegisterLinkProps) => (
  <May permission="catalog.location.create">
    <LinkButton to="/catalog-import" variant={variant} leftSection={leftSection}>
      Register location
    </LinkButton>
  </May>
);
