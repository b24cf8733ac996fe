import { type Static, type TObject, Type } from '@callboard/model/schema';
import type { CodeHost, HostType } from './hosts.ts';

const open = { additionalProperties: true };

/** What each key stands for; the old `bitbucket` means both of its products, told apart by the host. */
const types: Record<string, { type: HostType; host?: string }> = {
  github: { type: 'github', host: 'github.com' },
  gitlab: { type: 'gitlab', host: 'gitlab.com' },
  bitbucket: { type: 'bitbucketServer', host: 'bitbucket.org' },
  bitbucketCloud: { type: 'bitbucketCloud', host: 'bitbucket.org' },
  bitbucketServer: { type: 'bitbucketServer' },
  azure: { type: 'azure', host: 'dev.azure.com' },
  gerrit: { type: 'gerrit' },
  gitea: { type: 'gitea' },
  harness: { type: 'harness', host: 'app.harness.io' },
};

const host = Type.Optional(
  Type.String({
    pattern: '^[\\w.-]+(:\\d+)?$',
    expected: 'a host such as code.example.com, with :port if it has one',
    description: 'Host of the addresses of its pages.',
  }),
);
const list = (name: string): TObject['properties'][string] =>
  Type.Optional(Type.Array(Type.Object({ host }, open), { description: `Your own hosts of type ${name}.` }));

/**
 * The `integrations:` section, with Backstage's names. Only the hosts are read: they say whose addresses lead to a file, so that links to edit
 * and to the sources are right. Credentials and addresses of APIs stay for the plugins of these hosts.
 */
export const integrationsSection = Type.Object(
  Object.fromEntries(Object.keys(types).map((name) => [name, list(name)])),
  { ...open, description: 'Code hosts of your own, so that addresses of files on them are understood.' },
);

export type Integrations = Static<typeof integrationsSection>;

/** The code hosts of the `integrations:` section. */
export function codeHosts(integrations: Integrations | undefined): CodeHost[] {
  return Object.entries(types).flatMap(([name, { type, host: usual }]) =>
    ((integrations?.[name] ?? []) as { host?: string }[]).flatMap((each) => {
      const found = each.host ?? usual;
      if (found === undefined) return [];
      const isCloud = name === 'bitbucket' && found === 'bitbucket.org';
      return [{ type: isCloud ? 'bitbucketCloud' : type, host: found.toLowerCase() } satisfies CodeHost];
    }),
  );
}
