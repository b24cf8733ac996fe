/** `@callboard/plugin-api/web` as web parts of plugins get it. */
import type { PluginWeb } from '@callboard/plugin-api/web';
import * as hooks from './hooks.ts';
import * as parts from './parts.tsx';
import * as streams from './stream.ts';

// A name that the contract has and the portal has not, or the other way round, is a fault of types here.
const whole: PluginWeb = { ...hooks, ...streams, ...parts };

export const {
  usePlugin,
  useSession,
  useNavigation,
  useApi,
  useData,
  useEntity,
  useView,
  useStream,
  Link,
  EntityLink,
  Panel,
  Status,
  Since,
  Loading,
  Empty,
  Failure,
  View,
  Drawing,
} = whole;
