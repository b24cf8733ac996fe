import type { Principal } from '../principal.ts';
import type { SignInContext } from './context.ts';
import { groupsOf } from './people.ts';

/** The guest: whoever does not say who they are. */
export const guest: Principal = {
  ref: 'user:default/guest',
  title: 'Guest',
  kind: 'guest',
  groups: [],
  claims: [],
  via: { type: 'local' },
};

/** For so long a change of somebody's groups in the catalog may go unseen. Rights of the portal itself count at once. */
const keptMs = 3_000;
const mostKept = 5_000;

/** Makes principals of people: who they are, and their groups from the catalog and from what their provider says. */
export function createPrincipals(context: Pick<SignInContext, 'users' | 'directory' | 'now'>) {
  const { users, directory, now } = context;
  const known = new Map<string, { until: number; groups: Promise<string[]> }>();

  const groups = (ref: string, claims: readonly string[]): Promise<string[]> => {
    const key = JSON.stringify([ref, claims]);
    const found = known.get(key);
    if (found && found.until > now()) return found.groups;
    if (known.size >= mostKept) known.clear();
    const fresh = groupsOf(directory(), ref, claims).then((list) => list.map((group) => group.ref));
    known.set(key, { until: now() + keptMs, groups: fresh });
    fresh.catch(() => known.delete(key));
    return fresh;
  };

  return {
    /** @returns undefined when there is no such person any more, or the account is switched off */
    async person(ref: string, claims: readonly string[], via: Principal['via']): Promise<Principal | undefined> {
      const user = await users.get(ref);
      if (!user || user.disabled) return undefined;
      return {
        ref,
        title: user.title,
        kind: 'user',
        groups: await groups(ref, claims),
        claims,
        ...(user.administrator && { administrator: true as const }),
        via,
      };
    },
  };
}

export type Principals = ReturnType<typeof createPrincipals>;
