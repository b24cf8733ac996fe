/** What the plugin asks GitLab for. `client.test.ts` calls each with a client of others, and no test of the plugin may ask for anything else. */
export const endpoints = `
GET /metadata
GET /personal_access_tokens/self
GET /user
GET /users
GET /users/:id
GET /users/:id/projects
GET /namespaces
GET /namespaces/:id
GET /groups/:id
POST /groups
GET /groups/:id/descendant_groups
GET /groups/:id/members
POST /groups/:id/members
PUT /groups/:id/members/:user
DELETE /groups/:id/members/:user
POST /groups/:id/share
DELETE /groups/:id/share/:group
GET /groups/:id/projects
GET /groups/:id/hooks
POST /groups/:id/hooks
PUT /groups/:id/hooks/:hook
POST /bulk_imports
GET /projects
POST /projects
GET /projects/:id
GET /projects/:id/languages
GET /projects/:id/releases
POST /projects/:id/members
POST /projects/:id/protected_branches
POST /projects/:id/statuses/:commit
GET /projects/:id/repository/files/:path
GET /projects/:id/repository/files/:path/raw
GET /projects/:id/repository/tree
GET /projects/:id/repository/contributors
GET /projects/:id/repository/commits
POST /projects/:id/repository/commits
GET /projects/:id/repository/commits/:ref
GET /projects/:id/repository/branches
POST /projects/:id/repository/branches
GET /projects/:id/repository/branches/:branch
GET /projects/:id/merge_requests
POST /projects/:id/merge_requests
PUT /projects/:id/merge_requests/:iid
PUT /projects/:id/merge_requests/:iid/merge
GET /projects/:id/merge_requests/:iid/approval_state
GET /projects/:id/issues
POST /projects/:id/issues
PUT /projects/:id/issues/:iid
GET /projects/:id/variables/:key
POST /projects/:id/variables
PUT /projects/:id/variables/:key
POST /projects/:id/access_tokens
DELETE /projects/:id/access_tokens/:token
POST /projects/:id/deploy_tokens
DELETE /projects/:id/deploy_tokens/:token
POST /projects/:id/triggers
DELETE /projects/:id/triggers/:trigger
POST /projects/:id/trigger/pipeline
GET /projects/:id/pipelines
GET /projects/:id/hooks
POST /projects/:id/hooks
PUT /projects/:id/hooks/:hook
`
  .trim()
  .split('\n');

const patterns = endpoints.map((endpoint) => {
  const [method, path] = endpoint.split(' ') as [string, string];
  return { endpoint, method, shape: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`) };
});

/** Which of them a call is for. Only the head of a file is asked for as well, at the address of the file. */
export function endpointOf(method: string, path: string): string | undefined {
  const found = patterns.filter(({ method: of, shape }) => of === method.replace('HEAD', 'GET') && shape.test(path));
  // A fixed word counts before a name: /users/:id is not /users/:id/projects.
  return found.toSorted((one, other) => one.endpoint.split(':').length - other.endpoint.split(':').length)[0]?.endpoint;
}
