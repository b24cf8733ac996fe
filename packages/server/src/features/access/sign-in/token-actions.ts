import { accessErrors } from '../errors.ts';
import { permissions, stands } from '../policy/permissions.ts';
import type { Principal } from '../principal.ts';
import type { SignInContext } from './context.ts';
import { hashOf, randomId, randomSecret } from './secrets.ts';
import type { Token } from './store/tokens.ts';

const day = 86_400_000;

/** Making tokens. The secret is given once and kept as a hash. */
export function createTokenActions(context: Pick<SignInContext, 'config' | 'tokens' | 'may' | 'now'>) {
  const { config, tokens, may, now } = context;

  /** Every permission that a grant stands for must be the maker's own. */
  function assertGrants(maker: Principal, grants: readonly string[]): void {
    for (const grant of grants) {
      const meant = permissions.filter(({ name }) => stands(grant, name));
      if (meant.length === 0 || meant.some(({ name }) => !may(maker, name)))
        throw accessErrors.grantTooMuch({ grant: `'${grant}'` });
    }
  }

  async function make(
    prefix: string,
    { days, ...values }: Omit<Token, 'id' | 'createdAt' | 'expiresAt'> & { days: number | undefined },
  ): Promise<{ token: string; item: Token }> {
    const token = `${prefix}_${randomSecret()}`;
    const createdAt = now();
    const expiresAt = days === undefined ? undefined : createdAt + days * day;
    const item: Token = { ...values, id: randomId(), createdAt, expiresAt };
    await tokens.add(hashOf(token), item);
    return { token, item };
  }

  return {
    async personal(maker: Principal, values: { title: string; days: number; grants?: string[] }) {
      // All guests are one: a token of theirs would be everybody's.
      if (maker.via.type === 'token' || maker.kind === 'guest') throw accessErrors.notForTokens();
      if (values.days * day > config.tokenLifetimeMs)
        throw accessErrors.lifetimeTooLong({ days: Math.floor(config.tokenLifetimeMs / day) });
      assertGrants(maker, values.grants ?? []);
      const { title, grants } = values;
      return make('cbp', {
        kind: 'personal',
        ref: maker.ref,
        title,
        grants,
        createdBy: maker.ref,
        days: values.days,
      });
    },
    async service(maker: Principal, values: { subject: string; title: string; days?: number; grants: string[] }) {
      if (maker.via.type === 'token') throw accessErrors.notForTokens();
      assertGrants(maker, values.grants);
      const { title, grants, days } = values;
      return make('cbs', {
        kind: 'service',
        ref: `external:${values.subject}`,
        title,
        grants,
        createdBy: maker.ref,
        days,
      });
    },
  };
}

export type TokenActions = ReturnType<typeof createTokenActions>;
