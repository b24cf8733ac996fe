/** What the plugin asks Gitea for. `client.test.ts` calls each with a client of others, and no test of the plugin may ask for anything else. */
export const endpoints = `
GET /version
GET /user
GET /user/orgs
POST /user/repos
GET /users/:name
GET /orgs/:org
POST /orgs/:org/repos
GET /orgs/:org/members
GET /orgs/:org/teams
GET /orgs/:org/hooks
POST /orgs/:org/hooks
PATCH /orgs/:org/hooks/:id
GET /teams/:id/members
GET /repos/search
GET /repos/:owner/:repo
GET /repos/:owner/:repo/raw/*
GET /repos/:owner/:repo/git/commits/:sha
GET /repos/:owner/:repo/git/trees/:sha
POST /repos/:owner/:repo/contents
GET /repos/:owner/:repo/branches
GET /repos/:owner/:repo/branches/*
GET /repos/:owner/:repo/commits
GET /repos/:owner/:repo/languages
GET /repos/:owner/:repo/releases/latest
GET /repos/:owner/:repo/pulls
POST /repos/:owner/:repo/pulls
POST /repos/:owner/:repo/statuses/:sha
GET /repos/:owner/:repo/hooks
POST /repos/:owner/:repo/hooks
PATCH /repos/:owner/:repo/hooks/:id
`
  .trim()
  .split('\n');

const patterns = endpoints.map((endpoint) => {
  const [method, path] = endpoint.split(' ') as [string, string];
  return { endpoint, method, shape: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+').replace('*', '.+')}$`) };
});

/** Which of them a call is for. */
export const endpointOf = (method: string, path: string): string | undefined =>
  patterns.find(({ method: of, shape }) => of === method && shape.test(path))?.endpoint;
