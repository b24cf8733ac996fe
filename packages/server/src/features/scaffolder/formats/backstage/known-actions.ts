import type { JsonObject } from '@callboard/model';
import { words } from '../../words.ts';

/** Who brings an action that is not here, and what it would do. */
export type KnownAction = {
  plugin: string;
  /** the outputs that it gives, where they are known */
  outputs?: string[];
  /** those of them that are numbers */
  numbers?: string[];
  /** the outside effect, in words */
  effect?(input: JsonObject): string;
};

const repository = (input: JsonObject) => {
  const text = typeof input.repoUrl === 'string' ? input.repoUrl : 'a repository';
  if (!URL.canParse(`https://${text}`)) return text;
  const url = new URL(`https://${text}`);
  const parts = ['organization', 'workspace', 'project', 'owner', 'repo'].flatMap((key): string[] =>
    [url.searchParams.get(key) ?? ''].filter(Boolean),
  );
  return parts.length > 0 ? `${parts.join('/')} on ${url.host}` : text;
};

const publishes = {
  outputs: ['remoteUrl', 'repoContentsUrl', 'commitHash'],
  effect: (input: JsonObject) => `Creates the repository ${repository(input)} and pushes the files to it`,
};
const pushes = { ...publishes, effect: (input: JsonObject) => `Pushes the files to ${repository(input)}` };
const proposes = (...outputs: string[]) => ({
  outputs: ['remoteUrl', 'targetBranchName', ...outputs],
  effect: (input: JsonObject) =>
    `Opens a change request${typeof input.title === 'string' ? ` "${words(input.title)}"` : ''} in ${repository(input)}`,
});
const does = (effect: string, ...outputs: string[]) => ({ outputs, effect: () => effect });

const github = '@callboard/plugin-github';
const gitlab = '@callboard/plugin-gitlab';
const azure = '@callboard/plugin-azure-devops';
const bitbucket = '@callboard/plugin-bitbucket';
const gerrit = '@callboard/plugin-gerrit';

/** The actions that templates in the wild use most, by id. */
const exact: Record<string, Omit<KnownAction, 'plugin'> & { plugin: string }> = {
  'publish:github': { plugin: github, ...publishes },
  'publish:github:pull-request': {
    plugin: github,
    ...proposes('pullRequestNumber', 'branchName'),
    numbers: ['pullRequestNumber'],
  },
  'github:repo:create': { plugin: github, ...publishes, outputs: ['remoteUrl', 'repoContentsUrl'] },
  'github:repo:push': { plugin: github, ...pushes },
  'github:actions:dispatch': {
    plugin: github,
    ...does('Starts a workflow', 'workflowRunId', 'workflowRunUrl', 'workflowRunHtmlUrl'),
    numbers: ['workflowRunId'],
  },
  'github:autolinks:create': { plugin: github, ...does('Creates an autolink') },
  'github:branch-protection:create': { plugin: github, ...does('Protects a branch') },
  'github:deployKey:create': { plugin: github, ...does('Creates a deploy key', 'privateKeySecretName') },
  'github:environment:create': { plugin: github, ...does('Creates an environment') },
  'github:issues:create': {
    plugin: github,
    ...does('Opens an issue', 'issueUrl', 'issueNumber'),
    numbers: ['issueNumber'],
  },
  'github:issues:label': { plugin: github, ...does('Labels an issue') },
  'github:pages:enable': { plugin: github, ...does('Switches a site on') },
  'github:webhook': { plugin: github, ...does('Creates a webhook') },
  'publish:gitlab': { plugin: gitlab, ...publishes, outputs: [...publishes.outputs, 'projectId', 'created'] },
  'publish:gitlab:merge-request': {
    plugin: gitlab,
    ...proposes('mergeRequestUrl', 'projectid', 'projectPath', 'branchName'),
  },
  'gitlab:repo:push': { plugin: gitlab, ...pushes, outputs: ['projectid', 'projectPath', 'commitHash'] },
  'gitlab:group:ensureExists': { plugin: gitlab, ...does('Creates a group if there is none', 'groupId') },
  'gitlab:group:access': { plugin: gitlab, ...does('Changes who may use a group') },
  'gitlab:issues:create': { plugin: gitlab, ...does('Opens an issue', 'issueUrl', 'issueId', 'issueIid') },
  'gitlab:issue:edit': {
    plugin: gitlab,
    ...does('Changes an issue', 'issueUrl', 'projectId', 'issueId', 'issueIid', 'state', 'title'),
  },
  'gitlab:pipeline:trigger': { plugin: gitlab, ...does('Starts a pipeline', 'pipelineUrl') },
  'gitlab:projectAccessToken:create': { plugin: gitlab, ...does('Creates an access token', 'access_token') },
  'gitlab:projectDeployToken:create': { plugin: gitlab, ...does('Creates a deploy token', 'deploy_token', 'user') },
  'gitlab:projectVariable:create': { plugin: gitlab, ...does('Creates a variable') },
  'gitlab:user:info': { plugin: gitlab, ...does('Asks for a user', 'id', 'username', 'name') },
  'publish:azure': { plugin: azure, ...publishes, outputs: [...publishes.outputs, 'repositoryId'] },
  'publish:bitbucketCloud': { plugin: bitbucket, ...publishes },
  'publish:bitbucketServer': { plugin: bitbucket, ...publishes },
  'publish:bitbucket': { plugin: bitbucket, ...publishes },
  'publish:bitbucketCloud:pull-request': {
    plugin: bitbucket,
    outputs: ['pullRequestUrl'],
    effect: proposes().effect,
  },
  'publish:bitbucketServer:pull-request': {
    plugin: bitbucket,
    outputs: ['pullRequestUrl'],
    effect: proposes().effect,
  },
  'publish:gerrit': { plugin: gerrit, ...publishes, outputs: [...publishes.outputs, 'remoteUrl'] },
  'publish:gerrit:review': { plugin: gerrit, outputs: ['reviewUrl', 'repoContentsUrl'], effect: proposes().effect },
  'publish:gitea': { plugin: '@callboard/plugin-gitea', ...publishes },
  'confluence:transform:markdown': { plugin: '@callboard/plugin-confluence', outputs: ['repo', 'owner'] },
  'fetch:rails': { plugin: 'a plugin with Ruby on Rails', outputs: [] },
  'run:yeoman': { plugin: 'a plugin with Yeoman', outputs: [] },
  'notification:send': { plugin: '@callboard/plugin-notifications', ...does('Sends a notification') },
  'sentry:project:create': { plugin: '@callboard/plugin-sentry', ...does('Creates a project', 'id', 'result') },
  'sentry:fetch:dsn': { plugin: '@callboard/plugin-sentry', outputs: ['dsn'] },
  'http:backstage:request': {
    plugin: 'the community’s http plugin (http:request is here)',
    outputs: ['code', 'headers', 'body'],
    effect: (input) => `Sends ${words(input.method ?? 'GET')} to ${words(input.path ?? 'the portal')}`,
  },
};

/** Whether an action that is not here adds files to a repository that exists. */
export const proposesChange = (id: string): boolean =>
  /(:pull-request|:merge-request|:repo:push|:review)$/.test(id) && id !== 'github:repo:push';

/** Families of actions, by how their ids begin. */
const families: [string, string][] = [
  ['publish:github', github],
  ['github:', github],
  ['publish:gitlab', gitlab],
  ['gitlab:', gitlab],
  ['azure:', azure],
  ['publish:azure', azure],
  ['bitbucket', bitbucket],
  ['publish:bitbucket', bitbucket],
  ['gerrit:', gerrit],
  ['gitea:', '@callboard/plugin-gitea'],
  ['argocd:', 'the Argo CD plugin of the community'],
  ['cnoe:', 'the CNOE plugins of the community'],
  ['roadiehq:aws:', 'the AWS plugin of the community'],
  ['aws:', 'the AWS plugin of the community'],
  ['gcp:', 'a Google Cloud plugin'],
  ['kube:', 'a Kubernetes plugin'],
  ['kubernetes:', 'a Kubernetes plugin'],
  ['jenkins:', 'a Jenkins plugin'],
  ['jira:', 'a Jira plugin'],
  ['servicenow:', 'a ServiceNow plugin'],
  ['sonarqube:', 'a SonarQube plugin'],
  ['sentry:', '@callboard/plugin-sentry'],
  ['pagerduty:', 'a PagerDuty plugin'],
  ['quay:', 'a Quay plugin'],
  ['regex:', 'the regex plugin of the community'],
  ['hcptf:', 'a Terraform plugin'],
  ['terraform:', 'a Terraform plugin'],
  ['vault:', 'a Vault plugin'],
  ['orchestrator:', 'the orchestrator plugin of the community'],
  ['rhaap:', 'an Ansible plugin'],
  ['quarkus:', 'a Quarkus plugin'],
  ['opa:', 'an entity plugin of the community'],
  ['trigger:harness', 'a Harness plugin'],
  ['harness:', 'a Harness plugin'],
  ['codecommit:', 'the AWS plugin of the community'],
  ['publish:zip', 'a plugin of the community'],
  ['custom:', 'a plugin of its author (`custom:` ids are written for one portal)'],
  ['acme:', 'a plugin of its author (`acme:` ids are examples)'],
];

/** What is known of an action that is not registered; undefined when nothing is. */
export function knownAction(id: string): KnownAction | undefined {
  const found = Object.hasOwn(exact, id) ? exact[id] : undefined;
  if (found) return found;
  const family = families.find(([prefix]) => id.startsWith(prefix));
  return family && { plugin: family[1] };
}

/** What to do about an action that is not registered. */
export function adviceFor(id: string): string {
  const known = knownAction(id);
  if (known) return `The action comes with ${known.plugin}: add it, or take the step out.`;
  return 'No plugin is known to bring it: correct the id, or add the plugin that has it.';
}
