import type { JsonValue } from '@callboard/model';
import { parseEntityRef, stringifyEntityRef } from '@callboard/model';
import {
  mostStarred,
  UserSetting,
  UserSettingBody,
  UserSettingPath,
  UserSettingsMultigetBody,
  UserSettingsMultigetResponse,
} from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { HttpServer } from '../../../../core/http/index.ts';
import type { Access } from '../../../access/index.ts';
import { preferencesErrors } from '../../errors.ts';
import type { Store } from '../../store.ts';

const base = '/api/user-settings';
const one = `${base}/buckets/:bucket/keys/:key`;
const config = { permission: 'preferences.own' };
type Setting = { bucket: string; key: string };

/** The one setting that Callboard has a word of its own for: both sides see the same stars. */
const isStarred = ({ bucket, key }: Setting) => bucket === 'starredEntities' && key === 'entityRefs';
const storedKey = (setting: Setting) =>
  isStarred(setting) ? 'starred' : `setting:${encodeURIComponent(setting.bucket)}/${encodeURIComponent(setting.key)}`;

/** Stars as Callboard keeps them: canonical, each once. */
function readStars(value: JsonValue): string[] {
  const refuse = (reason: string) => preferencesErrors.starredInvalid({ limit: mostStarred, reason });
  if (!Array.isArray(value)) throw refuse('this is not a list');
  const refs = value.map((each) => {
    try {
      return stringifyEntityRef(parseEntityRef(typeof each === 'string' ? each : ''));
    } catch (error) {
      throw refuse((error as Error).message.slice(0, 200));
    }
  });
  const unique = [...new Set(refs)];
  if (unique.length > mostStarred) throw refuse(`there are ${unique.length}`);
  return unique;
}

/** Settings in the shape of Backstage's own back end, so that its web app and plugins keep theirs here. */
export function registerUserSettings(
  http: HttpServer,
  { store, access }: { store: Store; access: Pick<Access, 'principalOf'> },
): void {
  const settingOf = async (user: string, setting: Setting) => {
    const entry = await store.get(user, storedKey(setting));
    return entry && { ...setting, value: entry.value };
  };
  http.get(
    one,
    {
      config,
      schema: {
        operationId: 'GetUserSetting',
        tags: ['preferences'],
        summary: 'A setting of whoever asks, in Backstage’s shape',
        params: UserSettingPath,
        response: { 200: UserSetting },
      },
    },
    async (request) => {
      const found = await settingOf(access.principalOf(request).ref, request.params);
      if (!found) throw preferencesErrors.settingNotFound(request.params);
      return found;
    },
  );
  http.put(
    one,
    {
      config,
      schema: {
        operationId: 'PutUserSetting',
        tags: ['preferences'],
        summary: 'Keep a setting of whoever asks, in Backstage’s shape',
        params: UserSettingPath,
        body: UserSettingBody,
        response: { 200: UserSetting },
      },
    },
    async (request) => {
      const setting = request.params;
      const value = isStarred(setting) ? readStars(request.body.value) : request.body.value;
      const entry = await store.put(access.principalOf(request).ref, storedKey(setting), value, Date.now());
      return { ...setting, value: entry.value };
    },
  );
  http.delete(
    one,
    {
      config,
      schema: {
        operationId: 'DeleteUserSetting',
        tags: ['preferences'],
        summary: 'Delete a setting of whoever asks, in Backstage’s shape',
        params: UserSettingPath,
        response: { 204: Type.Null({ description: 'Deleted, or there was nothing.' }) },
      },
    },
    async (request, reply) => {
      await store.remove(access.principalOf(request).ref, storedKey(request.params));
      return reply.code(204).send(null);
    },
  );
  http.post(
    `${base}/multiget`,
    {
      config,
      schema: {
        operationId: 'GetUserSettings',
        tags: ['preferences'],
        summary: 'Several settings of whoever asks, in Backstage’s shape',
        body: UserSettingsMultigetBody,
        response: { 200: UserSettingsMultigetResponse },
      },
    },
    async (request) => {
      const user = access.principalOf(request).ref;
      const { items } = request.body;
      const entries = await store.all(user, [...new Set(items.map(storedKey))]);
      const byKey = new Map(entries.map(({ key, value }) => [key, value]));
      return {
        items: items.map((setting) => {
          const key = storedKey(setting);
          return byKey.has(key) ? { ...setting, value: byKey.get(key)! } : null;
        }),
      };
    },
  );
}
