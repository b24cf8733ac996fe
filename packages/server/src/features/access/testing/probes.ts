import { world } from './world.ts';

/** One question to a portal. */
export type Probe = { method: 'GET' | 'POST'; path: string; body?: unknown };

type Probes = Record<string, (uids: ReadonlyMap<string, string>) => Probe[]>;

const get = (path: string): Probe => ({ method: 'GET', path });
const post = (path: string, body: unknown): Probe => ({ method: 'POST', path, body });
const refs = world.map((each) => each.ref);
const nameOf = (order: 'kind' | 'namespace') => (ref: string) => {
  const [, kind, namespace, name] = /^(\w+):([\w-]+)\/(.+)$/.exec(ref)!;
  return order === 'kind' ? `${kind}/${namespace}/${name}` : `${namespace}/${kind}/${name}`;
};
const ofEach =
  (path: (name: string, ref: string) => string, order: 'kind' | 'namespace' = 'kind') =>
  () =>
    refs.map((ref) => get(path(nameOf(order)(ref), ref)));
const byName = '/api/catalog/entities/by-name';
const facets = [
  'kind',
  'spec.type',
  'metadata.tags',
  'metadata.labels.tier',
  'relations.ownedBy',
  'relations.ownedBy.within',
  'relations.dependsOn',
  'relations.dependencyOf',
  'relations.hasPart',
  'relations.hasMember',
  'metadata.uid',
];
const filters = [
  'relations.dependencyOf=component:default/mint',
  'relations.dependsOn=component:default/quay',
  'relations.ownedBy.within=group:default/all',
  'relations.hasMember',
  'kind=component,metadata.tags=secret',
  'relations.parentOf=group:default/scarlet',
];
const terms = [...new Set(world.map((each) => each.name)), 'company', 'harbours', 'chapters', 'alarms', 'handbook', ''];
const docs = world.filter((each) => each.docs === true || each.kind === 'System').map((each) => each.ref);
const templates = world.filter((each) => each.kind === 'Template').map((each) => each.ref);
const apis = world.filter((each) => each.kind === 'API').map((each) => each.ref);

/** What to ask at each route that tells of entities: by operation of the OpenAPI document. */
export const probes: Probes = {
  GetEntities: () => [
    get('/api/catalog/entities'),
    get('/api/catalog/entities?order=desc:metadata.name&limit=4'),
    ...filters.map((filter) => get(`/api/catalog/entities?filter=${filter}&fields=metadata.name,relations`)),
  ],
  GetEntitiesByQuery: () => [
    get('/api/catalog/entities/by-query?limit=3'),
    get('/api/catalog/entities/by-query?limit=3&offset=4&orderField=metadata.name,desc'),
    get('/api/catalog/entities/by-query?fullTextFilterTerm=e&fullTextFilterFields=metadata.name'),
    get('/api/catalog/entities/by-query?fullTextFilterTerm=red&fullTextFilterFields=relations.ownedBy'),
    ...filters.map((filter) => get(`/api/catalog/entities/by-query?filter=${filter}`)),
  ],
  QueryEntitiesByPredicate: () => [
    post('/api/catalog/entities/by-query', { query: { kind: 'component' }, limit: 2 }),
    post('/api/catalog/entities/by-query', { query: { $not: { 'relations.dependencyOf': 'component:default/mint' } } }),
  ],
  GetEntitiesByRefs: () => [post('/api/catalog/entities/by-refs', { entityRefs: refs })],
  GetEntityByUid: (uids) => refs.map((ref) => get(`/api/catalog/entities/by-uid/${uids.get(ref)}`)),
  GetEntityByName: ofEach((name) => `${byName}/${name}`),
  GetEntityAncestryByName: ofEach((name) => `${byName}/${name}/ancestry`),
  GetEntityHistory: ofEach((name) => `${byName}/${name}/history`),
  GetEntityProvenance: ofEach((name) => `${byName}/${name}/provenance`),
  GetEntityRelations: ofEach((name) => `${byName}/${name}/relations?depth=3`),
  GetEntityImpact: ofEach((name) => `${byName}/${name}/impact`),
  GetEntityOwnership: ofEach((name) => `${byName}/${name}/ownership`),
  GetOrganization: () => [get('/api/catalog/organization')],
  GetLandscape: () => [get('/api/catalog/landscape')],
  GetEntityFacets: () => [
    get(`/api/catalog/entity-facets?${facets.map((facet) => `facet=${facet}`).join('&')}`),
    ...filters.map((filter) => get(`/api/catalog/entity-facets?facet=kind&filter=${filter}`)),
  ],
  QueryEntityFacetsByPredicate: () => [
    post('/api/catalog/entity-facets', { facets: ['relations.partOf'], query: { kind: 'component' } }),
  ],
  GetLocations: () => [get('/api/catalog/locations')],
  GetLocationsByQuery: () => [post('/api/catalog/locations/by-query', {})],
  getLocationByEntity: ofEach((name) => `/api/catalog/locations/by-entity/${name}`),
  GetDescriptor: ofEach((_name, ref) => `/api/catalog/descriptor?entityRef=${ref}`),
  GetSources: () => [get('/api/catalog/sources')],
  GetProblems: () => [get('/api/catalog/problems')],
  GetFailedEntities: () => [get('/api/catalog/entities/unprocessed/failed')],
  GetPendingEntities: () => [get('/api/catalog/entities/unprocessed/pending')],
  GetKinds: () => [get('/api/catalog/kinds')],
  GetEvents: () => [
    get('/api/events?after=0&limit=500&types=catalog.entity.*'),
    get(`/api/events?after=0&refs=${refs.join(',')}&types=catalog.entity.created`),
  ],
  GetApiSummaries: () => [post('/api/apis/summaries', { entityRefs: apis })],
  GetApiOverview: () => apis.map((ref) => get(`/api/apis/by-name/${ref.slice('api:'.length)}`)),
  GetApiOperation: () =>
    apis.flatMap((ref) =>
      ['chapters', 'harbours'].map((word) =>
        get(`/api/apis/by-name/${ref.slice('api:'.length)}/operation?id=${encodeURIComponent(`GET /${word}`)}`),
      ),
    ),
  GetApiType: () => apis.map((ref) => get(`/api/apis/by-name/${ref.slice('api:'.length)}/type?id=None`)),
  Query: () => terms.map((term) => get(`/api/search/query?term=${term}&pageLimit=100`)),
  // Suggestions of what everything matches are the best few by who asks; all of these are compared as results.
  Suggest: () =>
    terms
      .filter((term) => term !== '' && term !== 'company')
      .map((term) => get(`/api/search/suggest?term=${term}&limit=20`)),
  GetDocsSites: () => [get('/api/techdocs/sites')],
  GetDocsSite: () => docs.map((ref) => get(`/api/techdocs/sites/${nameOf('namespace')(ref)}`)),
  GetDocsPage: () => docs.map((ref) => get(`/api/techdocs/sites/${nameOf('namespace')(ref)}/page`)),
  GetDocsReport: () => docs.map((ref) => get(`/api/techdocs/sites/${nameOf('namespace')(ref)}/report`)),
  GetTechDocsMetadata: () => docs.map((ref) => get(`/api/techdocs/metadata/techdocs/${nameOf('namespace')(ref)}`)),
  GetTechDocsEntity: () => docs.map((ref) => get(`/api/techdocs/metadata/entity/${nameOf('namespace')(ref)}`)),
  SyncTechDocs: () => docs.map((ref) => get(`/api/techdocs/sync/${nameOf('namespace')(ref)}`)),
  ListTemplates: () => [get('/api/scaffolder/v2/templates')],
  GetTemplateParameterSchema: () =>
    templates.map((ref) => get(`/api/scaffolder/v2/templates/${nameOf('namespace')(ref)}/parameter-schema`)),
  GetTemplateForm: () =>
    templates.map((ref) => post(`/api/scaffolder/v2/templates/${nameOf('namespace')(ref)}/form`, { answers: {} })),
  GetPluginColumns: () => [post('/api/plugins/columns', { entities: refs })],
  GetPluginChecks: ofEach((_name, ref) => `/api/plugins/checks?entity=${ref}`),
  GetRepositoryFacts: ofEach((_name, ref) => `/api/plugins/code-hosts/facts?entity=${ref}`),
  GetTechDocsFile: () =>
    docs.map((ref) => get(`/api/techdocs/static/docs/${nameOf('namespace')(ref)}/search/search_index.json`)),
};

/** Routes that tell nothing of entities, or are for those who administrate: why they need no probe. */
export const others: Record<string, readonly string[]> = {
  'changes something, which the routes’ own tests try': [
    'CreateBinding',
    'PutRole',
    'DeleteRole',
    'DeleteBinding',
    'TryApiOperation',
    'SignIn',
    'SignInAsGuest',
    'SignOut',
    'SetUpAdministrator',
    'ResetPassword',
    'EndSession',
    'ChangePassword',
    'CreateToken',
    'RevokeToken',
    'CreateIdentityToken',
    'CreateUser',
    'ChangeUser',
    'DeleteUser',
    'ResetUser',
    'EndAnySession',
    'CreateServiceToken',
    'RevokeAnyToken',
    'DeleteEntityByUid',
    'RefreshEntity',
    'CreateLocation',
    'UpdateLocation',
    'DeleteLocation',
    'SaveDescriptor',
    'RefreshSource',
    'ConfirmSource',
    'DeleteFailedEntity',
    'InstallPlugin',
    'RemovePlugin',
    'StagePlugin',
    'StagePluginUpload',
    'PreviewPlugin',
    'EnablePlugin',
    'DisablePlugin',
    'UsePluginVersion',
    'GrantPlugin',
    'ConfigurePlugin',
    'PluginPost',
    'PluginPut',
    'PluginPatch',
    'PluginDelete',
    'ReportOpened',
    'RebuildIndex',
    'Scaffold',
    'CancelTask',
    'Retry',
    'RollBackTask',
    'TriggerJob',
  ],
  'needs a permission that is given to administrators': [
    'GetPermissions',
    'GetRoles',
    'GetBindings',
    'ExplainAccess',
    'SimulatePolicy',
    'ApplyConditions',
    'GetAudit',
    'ExportAudit',
    'VerifyAudit',
    'GetAuditDelivery',
    'GetUsers',
    'GetAllSessions',
    'GetAllTokens',
    'GetPlugins',
    'GetPlugin',
    'TestPlugin',
    'GetMisses',
    'GetSearchStatus',
    'GetJobs',
    'GetOutbound',
    'GetConfiguration',
    'GetHealth',
  ],
  'is about whoever asks': [
    'GetWhatIMay',
    'Authorize',
    'GetSignIn',
    'StartSignIn',
    'FinishSignIn',
    'GetPrincipal',
    'GetUserInfo',
    'GetSessions',
    'GetTokens',
    'GetPreferences',
    'GetPreference',
    'DeletePreference',
    'PutPreferenceStarred',
    'PutPreferenceRecent',
    'PutPreferenceViews',
    'PutPreferenceTeams',
    'PutPreferenceHomeLayout',
    'PutPreferenceTheme',
    'PutPreferenceLastVisit',
    'PutPreferenceDocs',
    'GetUserSetting',
    'PutUserSetting',
    'DeleteUserSetting',
    'GetUserSettings',
  ],
  'is about runs of whoever asks': [
    'GetRunOfEntity',
    'ListTasks',
    'GetTask',
    'GetTaskFiles',
    'GetTaskWorkspace',
    'StreamLogsPolling',
    'StreamLogs',
  ],
  'works on a template that the asker may see, which the scaffolder’s own tests try': [
    'GetFieldOptions',
    'DryRun',
    'PlanRun',
    'PreviewTemplate',
    'GetTemplateSource',
    'Autocomplete',
  ],
  'is the same for everybody': [
    'ListActions',
    'ListTemplatingExtensions',
    'getOpenapi',
    'GetCatalogPermissionMetadata',
    'GetKeys',
    'GetOpenIdConfiguration',
    'GetTechDocsCookie',
    'GetDescriptorSchemas',
    'GetEntityPages',
    'GetWebPlugins',
    'GetPluginFile',
    'GetCodeHosts',
  ],
  'looks at what is sent, or at a place that the asker names': [
    'AnalyzeLocation',
    'ValidateEntity',
    'CheckDescriptor',
    'CompleteCodeHost',
  ],
  'is for programs that sign what they send; the plugin answers, and asks the portal as nobody': ['PluginHook'],
  'is opened by a pass that only the answer of a probed route gives': ['GetDocsFrame'],
  'is found by an id that only a list gives, and the list is probed': ['GetLocation', 'GetProblemExcerpt'],
  'gives what a plugin says; of an entity only to who may see it, which the plugins’ own tests try': [
    'GetPluginView',
    'PluginGet',
  ],
};

/**
 * Routes of the plugins that come with the portal, where their manifest names no `entity` for the portal to look at before it asks them: why
 * they tell nobody of what is hidden.
 */
export const pluginRoutes: Record<string, readonly string[]> = {
  'is about announcements, which belong to no entity': [
    'announcements/list',
    'announcements/add',
    'announcements/change',
    'announcements/remove',
  ],
  'is a hook: it takes what is signed, and tells nothing of the catalog': [
    'deployments/hook',
    'gitea/events',
    'github/events',
    'gitlab/events',
  ],
  'needs a permission of its own, and names a far side instead of an entity': [
    'gitea/register',
    'github/register',
    'gitlab/register',
  ],
};
