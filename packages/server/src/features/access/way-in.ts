import { accessErrors } from './errors.ts';
import { decideBy } from './policy/decide.ts';
import type { Binding, Policy } from './policy/types.ts';
import { stands } from './policy/permissions.ts';
import type { Principal } from './principal.ts';
import type { SignInConfig } from './sign-in/config.ts';
import type { Remaining } from './sign-in/store/remaining.ts';
import type { User, UserStore } from './sign-in/store/users.ts';

/** What whoever has it can give everything back by. */
const manage = 'access.policy.manage';

/** What is about to be done to a user. */
export type UserChange = { ref: string; administrator?: boolean; disabled?: boolean; removed?: boolean };

export type WayInParts = {
  users: Pick<UserStore, 'all' | 'identities'>;
  config: SignInConfig;
  policy: { current(): { policy: Policy; stored: number } };
  /** Those who need not sign in */
  strangers: readonly Principal[];
  groupsOf(ref: string, claims: readonly string[]): Promise<string[]>;
};

type Person = { user: User; claims: string[]; comesIn: boolean };

/**
 * Sees to it that somebody is left who may change the policy and can sign in: whether they are administrator by their account or by a role,
 * and whether that is about to be taken by a change of users, roles or bindings.
 */
export function createWayIn({ users, config, policy, strangers, groupsOf }: WayInParts) {
  const ways = new Set([...config.providers.map(({ id }) => id), ...(config.proxy ? ['proxy'] : [])]);

  async function people(): Promise<Person[]> {
    const [all, identities] = await Promise.all([users.all(), users.identities()]);
    const known = Map.groupBy(identities, ({ userRef }) => userRef);
    return all
      .filter(({ disabled }) => !disabled)
      .map((user) => {
        const own = known.get(user.ref) ?? [];
        return {
          user,
          claims: own.flatMap(({ claims }) => claims),
          comesIn: (user.hasPassword && config.local) || own.some(({ provider }) => ways.has(provider)),
        };
      });
  }

  /** Whether somebody without an account of an administrator may change the policy by their roles. */
  async function managesBy(after: Policy, { user: { ref, title }, claims }: Person): Promise<boolean> {
    const roles = new Set(
      after.roles
        .filter(({ grants }) => grants.some(({ permissions }) => permissions.some((glob) => stands(glob, manage))))
        .map(({ name }) => name),
    );
    const giving = after.bindings.filter(({ role }: Binding) => roles.has(role));
    if (giving.length === 0) return false;
    const groups = giving.some(({ subject }) => subject.startsWith('group:')) ? await groupsOf(ref, claims) : [];
    return decideBy(after, { ref, title, kind: 'user', groups, claims, via: { type: 'local' } }, manage) === 'allow';
  }

  async function somebody(after: Policy, list: readonly Person[], version: number): Promise<Remaining | undefined> {
    const open = strangers.find((stranger) => decideBy(after, stranger, manage) === 'allow');
    if (open) return { by: 'everybody' };
    const crowned = list.find(({ user }) => user.administrator);
    if (crowned) return { by: 'account', ref: crowned.user.ref };
    for (const person of list)
      if (await managesBy(after, person)) return { by: 'role', ref: person.user.ref, policyVersion: version };
    return undefined;
  }

  return {
    /**
     * @returns who is left, to be held to when the change is made; undefined when the change takes nothing of that kind away
     * @throws AppError ACCESS_LAST_ADMINISTRATOR
     */
    async afterUserChange(change: UserChange): Promise<Remaining | undefined> {
      const isTaken = change.removed === true || change.disabled === true || change.administrator === false;
      if (!isTaken) return undefined;
      const { policy: current, stored } = policy.current();
      const all = await people();
      const target = all.find(({ user }) => user.ref === change.ref);
      if (!target || !(target.user.administrator || (await managesBy(current, target)))) return undefined;
      const stays = change.removed !== true && change.disabled !== true;
      const left = all.flatMap((person) => {
        if (person !== target) return [person];
        return stays ? [{ ...person, user: { ...person.user, administrator: false } }] : [];
      });
      // Whoever never came in leaves no way in behind: then another who has not come in yet will do.
      const able = target.comesIn ? left.filter(({ comesIn }) => comesIn) : left;
      const remaining = await somebody(current, able, stored);
      if (!remaining) throw accessErrors.lastAdministrator({ ref: change.ref });
      return remaining;
    },
    /**
     * @returns who is left, to be held to when the change is made
     * @throws AppError ACCESS_NOBODY_LEFT
     */
    async afterPolicyChange(after: Policy): Promise<Remaining | undefined> {
      const { policy: before, stored } = policy.current();
      const list = (await people()).filter(({ comesIn }) => comesIn);
      const remaining = await somebody(after, list, stored);
      if (!remaining && (await somebody(before, list, stored))) throw accessErrors.nobodyLeft();
      return remaining;
    },
  };
}

export type WayIn = ReturnType<typeof createWayIn>;
