/**
 * The contract between Callboard and its plugins. A plugin says in its manifest what it contributes and what it asks for, and exports
 * `definePlugin({ setup(host) { … } })` from its server entry. Everything that crosses is plain JSON data.
 */
export { definePlugin } from './runtime.js';
export type { Host, HostRequest, HostResponse } from './host.ts';
export type { Plugin } from './plugin.ts';
export type {
  Action,
  ActionInput,
  ActionResult,
  CallContext,
  Check,
  CheckResult,
  CodeHost,
  Handler,
  Handlers,
  Identity,
  Notification,
  Notifier,
  RepositorySummary,
  Route,
  RouteAnswer,
  RouteRequest,
  SearchDocument,
  SearchSource,
  SignIn,
  Source,
  SourcePage,
  TreeEntry,
  View,
} from './roles.ts';
export { contractVersion, supportedContracts } from './versions.ts';
export type {
  ChartView,
  LinksView,
  LogView,
  MarkdownView,
  PluginManifest,
  StatView,
  TableView,
  TimelineView,
  ViewModel,
} from '@callboard/model/plugins';
