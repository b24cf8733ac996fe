import { type Static, type TSchema, Type } from '../schema.ts';
import type { JsonValue } from '../json.ts';
import { closed, time } from './common.ts';

/** A point in time that a client sends. */
const moment = (description: string) =>
  Type.String({
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z$',
    maxLength: 30,
    format: 'date-time',
    description,
  });

/** A ref in its canonical form: lower case, with kind and namespace. */
const entityRef = Type.String({
  minLength: 5,
  maxLength: 400,
  pattern: '^[^:/\\sA-Z]+:[^:/\\sA-Z]+/[^:/\\sA-Z]+$',
  description: 'Ref in its canonical form, such as component:default/payments-api.',
});
const refs = (maxItems: number, description: string) =>
  Type.Array(entityRef, { maxItems, uniqueItems: true, description });
const path = Type.String({
  minLength: 1,
  maxLength: 4000,
  pattern: '^/(?!/)',
  description: 'Address within the portal, from the first slash on.',
});
const label = Type.String({ minLength: 1, maxLength: 200 });
const widgets = Type.Array(Type.String({ minLength: 1, maxLength: 120 }), { maxItems: 100, uniqueItems: true });

export const RecentItem = Type.Object(
  {
    path,
    title: label,
    entityRef: Type.Optional(entityRef),
    at: moment('When it was last opened.'),
  },
  closed,
);
export type RecentItem = Static<typeof RecentItem>;

export const SavedView = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 60 }), name: label, path, at: moment('When it was saved.') },
  closed,
);
export type SavedView = Static<typeof SavedView>;

export const HomeLayout = Type.Object(
  {
    main: widgets,
    side: widgets,
    hidden: widgets,
  },
  { ...closed, description: 'Names of the widgets in each column, in order, and of those that are hidden.' },
);
export type HomeLayout = Static<typeof HomeLayout>;

export const LastVisit = Type.Object(
  {
    seenAt: moment('When this person was last here.'),
    cursor: Type.Integer({ minimum: 0, description: 'Cursor of the change feed then.' }),
    before: Type.Optional(
      Type.Object(
        { seenAt: moment('End of the visit before this one.'), cursor: Type.Integer({ minimum: 0 }) },
        closed,
      ),
    ),
  },
  closed,
);
export type LastVisit = Static<typeof LastVisit>;

/** How documents are read. */
export const DocsSettings = Type.Object(
  {
    textSize: Type.Optional(
      Type.Unsafe<'small' | 'normal' | 'large' | 'larger'>({
        type: 'string',
        enum: ['small', 'normal', 'large', 'larger'],
      }),
    ),
    width: Type.Optional(Type.Unsafe<'prose' | 'full'>({ type: 'string', enum: ['prose', 'full'] })),
    tabs: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        maxItems: 30,
        uniqueItems: true,
        description: 'Labels of content tabs that were chosen, the latest first.',
      }),
    ),
  },
  closed,
);
export type DocsSettings = Static<typeof DocsSettings>;

/** How many entities one person may star. */
export const mostStarred = 2000;

/** Everything that the portal keeps for a person, each with the schema of its value. */
export const preferenceSchemas = {
  starred: refs(mostStarred, 'Refs of starred entities, the newest first.'),
  recent: Type.Array(RecentItem, { maxItems: 50, description: 'What was opened lately, the newest first.' }),
  views: Type.Array(SavedView, { maxItems: 200, description: 'Lists that were saved with their filters.' }),
  teams: refs(100, 'Refs of groups that the person follows beyond those that list them as a member.'),
  'home-layout': HomeLayout,
  theme: Type.Unsafe<'light' | 'dark' | 'auto'>({ type: 'string', enum: ['light', 'dark', 'auto'] }),
  'last-visit': LastVisit,
  docs: DocsSettings,
} satisfies Record<string, TSchema>;

export type PreferenceKey = keyof typeof preferenceSchemas;
export type Preferences = { [K in PreferenceKey]: Static<(typeof preferenceSchemas)[K]> };
export const preferenceKeys = Object.keys(preferenceSchemas) as PreferenceKey[];

export const PreferencePath = Type.Object(
  {
    key: Type.Unsafe<PreferenceKey>({ type: 'string', enum: preferenceKeys, description: 'What is kept.' }),
  },
  closed,
);
export const PreferenceResponse = Type.Object({
  key: Type.String(),
  value: Type.Unsafe<JsonValue>({}),
  updatedAt: time('When it was stored.'),
});
export type PreferenceResponse = Static<typeof PreferenceResponse>;
export const PreferencesResponse = Type.Object({ items: Type.Array(PreferenceResponse) });
export type PreferencesResponse = Static<typeof PreferencesResponse>;

/** /api/user-settings, as Backstage's clients write them. */
const settingWord = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });
export const UserSettingPath = Type.Object(
  { bucket: settingWord('Who the setting belongs to.'), key: settingWord('Name of the setting in its bucket.') },
  closed,
);
export const UserSettingBody = Type.Object({ value: Type.Unsafe<JsonValue>({ description: 'Any JSON.' }) }, closed);
export const UserSetting = Type.Object({
  bucket: Type.String(),
  key: Type.String(),
  value: Type.Unsafe<JsonValue>({}),
});
export type UserSetting = Static<typeof UserSetting>;
export const UserSettingsMultigetBody = Type.Object(
  {
    items: Type.Array(Type.Object({ bucket: settingWord('Bucket.'), key: settingWord('Key.') }, closed), {
      minItems: 1,
      maxItems: 200,
    }),
  },
  closed,
);
export const UserSettingsMultigetResponse = Type.Object({
  items: Type.Array(Type.Union([UserSetting, Type.Null()]), { description: 'In the order asked for.' }),
});
