import type { BindingSchema, RoleSchema } from '@callboard/model/http';
import { conditionText } from './conditions.ts';
import type { Binding, Policy, Role } from './types.ts';

const shownCondition = ({ when }: Pick<Binding, 'when'>) => (when ? { when, whenText: conditionText(when) } : {});

export const shownBinding = ({ id, role, subject, when, note, source }: Binding): BindingSchema => ({
  id,
  role,
  subject,
  ...shownCondition({ ...(when && { when }) }),
  ...(note !== undefined && { note }),
  source,
});

export const shownRole = ({ name, title, description, grants, source }: Role, policy: Policy): RoleSchema => ({
  name,
  title,
  description,
  source,
  grants: grants.map(({ permissions, when }) => ({
    permissions: [...permissions],
    ...shownCondition({ ...(when && { when }) }),
  })),
  bindings: policy.bindings.filter((binding) => binding.role === name).length,
});
