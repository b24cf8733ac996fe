import { defineErrors } from '../../../core/errors/index.ts';

/** Errors of who may do what. */
export const policyErrors = defineErrors('ACCESS_POLICY', {
  notAllowed: {
    name: 'NotAllowedError',
    message: '{principal} may not do this: it needs the permission {permission}',
    fix: 'Ask an administrator for a role that has it. {roles}',
  },
  invalid: {
    name: 'InputError',
    message: 'The policy cannot be used: {reason}',
    fix: '{fix}',
  },
  roleUnknown: {
    name: 'NotFoundError',
    message: 'There is no role {name}',
    fix: 'GET /api/access/roles lists them.',
  },
  bindingUnknown: {
    name: 'NotFoundError',
    message: 'There is no binding {id}',
    fix: 'GET /api/access/bindings lists them.',
  },
  elsewhere: {
    name: 'ConflictError',
    message: '{what} is not kept in the portal: it is {source}',
    fix: 'What stands in the configuration is changed there (access.roles, access.bindings); what is built in stays as it is.',
  },
  roleInUse: {
    name: 'ConflictError',
    message: 'The role {name} is given by {count} bindings',
    fix: 'Remove these bindings first.',
  },
  lockedOut: {
    name: 'ConflictError',
    message: 'After this change you could no longer change the policy yourself',
    fix: 'Give yourself or a group of yours a role with access.policy.manage first; what stands in the configuration cannot be lost.',
  },
});
