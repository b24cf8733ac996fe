/**
 * Who is asking and what they may do. Without sign-in the portal has one user, the administrator of the machine it runs on; it therefore
 * refuses to listen where others can reach it unless the configuration says that everyone may.
 */
import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../core/http/index.ts';
import { accessErrors } from './errors.ts';
import type { Principal } from './principal.ts';

export { registerAccess } from './routes.ts';

export type Access = {
  /** Who a request comes from. */
  principalOf(request: FastifyRequest): Principal;
};

const localAdministrator: Principal = {
  ref: 'user:default/local-administrator',
  title: 'Local administrator',
  kind: 'local-administrator',
};
const anyone: Principal = { ref: 'user:default/guest', title: 'Guest', kind: 'guest' };

/**
 * @param options.host - where the portal will listen
 * @param options.open - the configuration lets everyone in
 * @throws AppError ACCESS_OPEN_NETWORK when others could reach a portal that knows no users
 */
export function createAccess(options: { host: string; open: boolean }): Access {
  const local = isLoopback(options.host);
  if (!local && !options.open) throw accessErrors.openNetwork({ host: options.host });
  return { principalOf: () => (local ? localAdministrator : anyone) };
}
