import { accessErrors } from '../errors.ts';
import type { Limits } from './limits.ts';
import { assertPassword, isPassword, passwordHash } from './passwords.ts';
import { hashOf, randomSecret } from './secrets.ts';
import type { Link, PassingStore } from './store/passing.ts';
import type { SessionStore } from './store/sessions.ts';
import type { User, UserStore } from './store/users.ts';
import type { WayIn } from '../way-in.ts';

const hour = 3_600_000;
export const linkLifetimeMs = 24 * hour;

/** The ref of a local user. */
export const localRef = (name: string): string => `user:default/${name.toLowerCase()}`;
export const nameOf = (ref: string): string => ref.slice(ref.indexOf('/') + 1);

export type UserTools = {
  users: UserStore;
  sessions: SessionStore;
  passing: PassingStore;
  limits: Limits;
  wayIn: Pick<WayIn, 'afterUserChange'>;
  now: () => number;
};

/** What is done with local users, by the API and by the command line. */
export function createUserActions({ users, sessions, passing, limits, wayIn, now }: UserTools) {
  const link = async (values: Pick<Link, 'purpose' | 'userRef'>): Promise<{ code: string; expiresAt: number }> => {
    const code = randomSecret();
    const expiresAt = now() + linkLifetimeMs;
    await passing.replaceLink(hashOf(code), { ...values, expiresAt });
    return { code, expiresAt };
  };

  /** Looks at a link without using it up. */
  const open = async (code: string, purpose: Link['purpose']): Promise<Link> => {
    const found = await passing.link(hashOf(code));
    if (!found || found.purpose !== purpose || found.expiresAt <= now()) throw accessErrors.linkInvalid();
    return found;
  };
  const use = async (code: string): Promise<void> => {
    if (!(await passing.takeLink(hashOf(code)))) throw accessErrors.linkInvalid();
  };

  const existing = async (ref: string): Promise<User> => {
    const user = await users.get(ref);
    if (!user) throw accessErrors.userNotFound({ ref });
    return user;
  };

  return {
    /** A link by which the first administrator is made; undefined when there is one. */
    async firstAdministrator(): Promise<{ code: string; expiresAt: number } | undefined> {
      if (await users.hasAdministrator()) return undefined;
      return link({ purpose: 'administrator' });
    },
    async setUp(values: { code: string; name: string; title?: string; password: string }): Promise<string> {
      await open(values.code, 'administrator');
      if (await users.hasAdministrator()) throw accessErrors.linkInvalid();
      assertPassword(values.password, values.name);
      const ref = localRef(values.name);
      const password = await passwordHash(values.password);
      await use(values.code);
      const title = values.title ?? values.name;
      const isNew = await users.add({ ref, title, password, administrator: true, origin: 'local' }, now());
      if (!isNew) await users.change(ref, { password, administrator: true, disabled: false });
      return ref;
    },
    /** Adds a user without a password; the link lets them choose one. */
    async add(values: { name: string; title?: string; email?: string; administrator?: boolean }) {
      const ref = localRef(values.name);
      const title = values.title ?? values.name;
      const administrator = values.administrator ?? false;
      if (!(await users.add({ ref, title, email: values.email, administrator, origin: 'local' }, now())))
        throw accessErrors.userExists({ ref });
      return { ref, ...(await link({ purpose: 'password', userRef: ref })) };
    },
    /** A link for a new password, and an end to locks. The old password works until a new one is chosen. */
    async reset(ref: string): Promise<{ code: string; expiresAt: number }> {
      await existing(ref);
      // Passwords are for names in the default namespace; others sign in where they come from.
      if (!ref.startsWith('user:default/')) throw accessErrors.userNotFound({ ref: `${ref} with a password` });
      await limits.lift(nameOf(ref));
      return link({ purpose: 'password', userRef: ref });
    },
    async choosePassword(code: string, password: string): Promise<string> {
      const { userRef } = await open(code, 'password');
      const user = await existing(userRef!);
      if (user.disabled) throw accessErrors.userDisabled();
      assertPassword(password, nameOf(user.ref));
      const hash = await passwordHash(password);
      await use(code);
      await users.change(user.ref, { password: hash });
      await sessions.endAll(user.ref);
      await limits.lift(nameOf(user.ref));
      return user.ref;
    },
    async changePassword(ref: string, current: string, password: string): Promise<void> {
      const found = await users.passwordOf(ref);
      if (!(await isPassword(current, found?.password))) throw accessErrors.signInFailed();
      assertPassword(password, nameOf(ref));
      await users.change(ref, { password: await passwordHash(password) });
      await sessions.endAll(ref);
    },
    async change(ref: string, values: { title?: string; administrator?: boolean; disabled?: boolean }): Promise<User> {
      await existing(ref);
      const remaining = await wayIn.afterUserChange({ ref, ...values });
      if (Object.keys(values).length > 0) await users.change(ref, values, remaining);
      if (values.disabled) await sessions.endAll(ref);
      return existing(ref);
    },
    async remove(ref: string): Promise<void> {
      await existing(ref);
      await users.remove(ref, await wayIn.afterUserChange({ ref, removed: true }));
    },
    /** Who signs in with this name and password. Nobody learns from the answer or its time who exists. */
    async verify(name: string, password: string): Promise<User | undefined> {
      const found = await users.passwordOf(localRef(name.trim()));
      const isRight = await isPassword(password, found?.password);
      return isRight && found && !found.user.disabled ? found.user : undefined;
    },
  };
}

export type UserActions = ReturnType<typeof createUserActions>;
