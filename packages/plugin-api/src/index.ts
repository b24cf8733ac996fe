/**
 * The contract between Callboard and its plugins. A plugin says in its manifest what it contributes and what it asks for, and exports
 * `definePlugin({ setup(host) { … } })` from its server entry. Everything that crosses is plain JSON data.
 */
export { definePlugin } from './runtime.js';
export type { Host, HostRequest, HostResponse, HostStream, HostTls } from './host.ts';
export type { Plugin } from './plugin.ts';
export type {
  Action,
  ActionInput,
  ActionResult,
  CallContext,
  Check,
  CheckResult,
  CodeHost,
  CodeHostWriting,
  Column,
  Connection,
  ConnectionResult,
  Deployments,
  Handler,
  Handlers,
  Identity,
  Notification,
  Notifier,
  RepositoryFacts,
  RepositorySummary,
  Route,
  RouteAnswer,
  RouteRequest,
  RunningVersion,
  SearchDocument,
  SearchSource,
  SignIn,
  Source,
  SourcePage,
  StreamRoute,
  Task,
  TreeEntry,
  View,
  WorkspaceFiles,
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
