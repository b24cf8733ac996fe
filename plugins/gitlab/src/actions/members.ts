import type { Action, Host } from '@callboard/plugin-api';
import { type Api, encoded, failure, type Thing } from '../api.ts';
import type { Settings } from '../settings.ts';
import { acting } from './acting.ts';
import { type Input, textOf } from './input.ts';

const levels: Record<string, number> = {
  'no access': 0,
  'minimal access': 5,
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
};

function levelOf(given: string | number = 'developer'): number {
  if (typeof given === 'number') return given;
  const text = given.toLowerCase().replaceAll(/[_-]+/g, ' ').trim();
  const found = levels[text] ?? (/^\d+$/.test(text) ? Number(text) : undefined);
  if (found !== undefined) return found;
  throw failure('INPUT', `GitLab knows no access level ${given}: take one of ${Object.keys(levels).join(', ')}`);
}
const roleOf = (level: number): string =>
  Object.entries(levels).find(([, each]) => each === level)?.[0] ?? `access level ${level}`;

type Call = { token?: string; signal: AbortSignal };
type Given = { group: string; call: Call; level: number };
const quoted = (what: string, ids: number[]) => `${what}${ids.length > 1 ? 's' : ''} ${ids.join(', ')}`;

async function addUser(api: Api, at: Parameters<Api['call']>[0], user: number, { group, call, level }: Given) {
  const start = `${group}/members`;
  const body = { user_id: user, access_level: level };
  const answer = await api.call(at, start, { ...call, method: 'POST', body, allow: [409] });
  if (answer.ok) return `Added the user ${user} as ${roleOf(level)}`;
  await api.call(at, `${start}/${user}`, { ...call, method: 'PUT', body: { access_level: level } });
  return `The user ${user} is a member, as ${roleOf(level)}`;
}

async function share(api: Api, at: Parameters<Api['call']>[0], other: number, { group, call, level }: Given) {
  const { shared_with_groups: shares = [] } = await api.get(at, `${group}?with_projects=false`, call);
  const there = (shares as Thing[]).find(({ group_id: id }) => id === other);
  if (there?.['group_access_level'] === level) return `It is shared with the group ${other} already`;
  if (there) await api.call(at, `${group}/share/${other}`, { ...call, method: 'DELETE', allow: [404] });
  const body = { group_id: other, group_access: level };
  await api.call(at, `${group}/share`, { ...call, method: 'POST', body });
  return `Shared it with the group ${other} as ${roleOf(level)}`;
}

/** Actions about people: who is in a group, and who somebody is. */
export function memberActions(host: Host, api: Api, settings: Settings): Record<string, Action> {
  const idsIn = (input: Input, key: string): number[] => (input[key] ?? []).map(Number);
  const planned = (input: Input) => {
    const [users, groups, adds] = [idsIn(input, 'userIds'), idsIn(input, 'groupIds'), input['action'] !== 'remove'];
    if (users.length + groups.length === 0) throw failure('INPUT', 'Neither userIds nor groupIds names anybody');
    const level = levelOf(input['accessLevel']);
    const output = {
      ...(users.length > 0 && { userIds: users }),
      ...(groups.length > 0 && { groupIds: groups }),
      path: input['path'],
      ...(adds && { accessLevel: level }),
    };
    return { users, groups, adds, level, output };
  };
  return {
    'gitlab:group:access': acting(
      host,
      settings,
      (at, input) => {
        const { users, groups, adds, level, output } = planned(input);
        const [verb, way] = adds
          ? ['add', ` to the group ${input['path']} on ${at} as ${roleOf(level)}`]
          : ['remove', ''];
        const from = adds ? way : ` from the group ${input['path']} on ${at}`;
        return {
          output,
          effects: [
            ...(users.length > 0 ? [`Would ${verb} ${quoted('the user', users)}${from}`] : []),
            ...(groups.length > 0 ? [`Would ${verb} ${quoted('the group', groups)}${from}`] : []),
          ],
        };
      },
      async ({ at }, input, call) => {
        const { users, groups, adds, level, output } = planned(input);
        const group = `/groups/${encoded(input['path'])}`;
        const given = { group, call, level };
        const effects: string[] = [];
        const remove = async (what: string, path: string) => {
          const answer = await api.call(at, `${group}${path}`, { ...call, method: 'DELETE', allow: [404] });
          effects.push(answer.ok ? `Removed ${what}` : `${what} was not in it`);
        };
        for (const user of users)
          if (adds) effects.push(await addUser(api, at, user, given));
          else await remove(`the user ${user}`, `/members/${user}`);
        for (const other of groups)
          if (adds) effects.push(await share(api, at, other, given));
          else await remove(`the group ${other}`, `/share/${other}`);
        return { output, effects };
      },
    ),

    'gitlab:user:info': acting(
      host,
      settings,
      (at, input) => ({
        output: { id: Number(input['userId'] ?? 0), username: '', name: '', state: '', webUrl: '' },
        effects: [
          `Would ask ${at} for ${input['userId'] === undefined ? 'the owner of the token' : `the user ${input['userId']}`}`,
        ],
      }),
      async ({ at }, input, call) => {
        const user = await api.get(at, input['userId'] === undefined ? '/user' : `/users/${input['userId']}`, call);
        return {
          output: {
            id: Number(user['id']),
            username: String(user['username']),
            name: String(user['name']),
            state: String(user['state']),
            webUrl: String(user['web_url']),
            ...(textOf(user, 'email') && { email: textOf(user, 'email') }),
            ...(textOf(user, 'created_at') && { createdAt: textOf(user, 'created_at') }),
            ...(textOf(user, 'public_email') && { publicEmail: textOf(user, 'public_email') }),
          },
          effects: [`It is ${user['username']}`],
        };
      },
    ),
  };
}
