import {
  PreferencePath,
  PreferenceResponse,
  preferenceKeys,
  preferenceSchemas,
  PreferencesResponse,
} from '@callboard/model/http';
import { Type } from '@callboard/model/schema';
import type { HttpServer } from '../../core/http/index.ts';
import type { Access } from '../access/index.ts';
import { preferencesErrors } from './errors.ts';
import type { Entry, Store } from './store.ts';

const base = '/api/preferences';
const config = { permission: 'preferences.own' };

const shown = ({ key, value, updatedAt }: Entry) => ({ key, value, updatedAt: new Date(updatedAt).toISOString() });

/** What the portal keeps for whoever asks; nobody can ask for somebody else's. */
export function registerPreferences(
  http: HttpServer,
  { store, access }: { store: Store; access: Pick<Access, 'principalOf'> },
): void {
  http.get(
    base,
    {
      config,
      schema: {
        operationId: 'GetPreferences',
        tags: ['preferences'],
        summary: 'Everything that is kept for whoever asks',
        response: { 200: PreferencesResponse },
      },
    },
    async (request) => ({ items: (await store.all(access.principalOf(request).ref, preferenceKeys)).map(shown) }),
  );
  http.get(
    `${base}/:key`,
    {
      config,
      schema: {
        operationId: 'GetPreference',
        tags: ['preferences'],
        summary: 'One of the values that are kept for whoever asks',
        params: PreferencePath,
        response: { 200: PreferenceResponse },
      },
    },
    async (request) => {
      const { key } = request.params;
      const user = access.principalOf(request).ref;
      const entry = await store.get(user, key);
      if (!entry) throw preferencesErrors.notSet({ key, user });
      return shown(entry);
    },
  );
  http.delete(
    `${base}/:key`,
    {
      config,
      schema: {
        operationId: 'DeletePreference',
        tags: ['preferences'],
        summary: 'Go back to the default',
        params: PreferencePath,
        response: { 204: Type.Null({ description: 'Deleted, or there was nothing.' }) },
      },
    },
    async (request, reply) => {
      await store.remove(access.principalOf(request).ref, request.params.key);
      return reply.code(204).send(null);
    },
  );
  // One route per key: each has a schema of its own, which the published contract then tells.
  for (const key of preferenceKeys)
    http.put(
      `${base}/${key}`,
      {
        config,
        schema: {
          operationId: `PutPreference${key.replaceAll(/(^|-)(\w)/g, (_all, _dash, letter: string) => letter.toUpperCase())}`,
          tags: ['preferences'],
          summary: `Keep ${key} for whoever asks`,
          body: Type.Object({ value: preferenceSchemas[key] }, { additionalProperties: false }),
          response: { 200: PreferenceResponse },
        },
      },
      async (request) => {
        const user = access.principalOf(request).ref;
        return shown(await store.put(user, key, request.body.value, Date.now()));
      },
    );
}
