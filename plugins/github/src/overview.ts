import type { Host, TableView, View } from '@callboard/plugin-api';
import type { Budget } from './budget.ts';
import type { Client } from './client.ts';
import { heardKey, hookAddress } from './hooks.ts';
import type { GithubHost, Organization, Settings } from './hosts.ts';
import { at, numberOf } from './json.ts';
import type { Listing } from './listing.ts';
import { isWanted } from './repositories.ts';

type Row = TableView['rows'][number];

/** The page of the administration: what is taken over, by which webhook it is kept true, and what is left of the limits. */
export function createOverview(
  host: Host,
  { hosts, organizations, portal }: Settings,
  parts: { client: Client; listing: Listing; budget: Budget },
): View {
  const { client, listing, budget } = parts;

  async function hookOf(
    target: GithubHost,
    owner: string,
  ): Promise<{ text: string; tone: 'good' | 'warning' | 'neutral' }> {
    const heard = numberOf(await host.store.get(heardKey(target.host, owner)));
    const told =
      heard === undefined ? '' : `, last heard ${new Date(heard).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    if (portal === undefined) return { text: `set the address of this portal first${told}`, tone: 'warning' };
    try {
      const hooks = await client.all(target, `/orgs/${owner}/hooks`, { owner, what: 'see webhooks' });
      const isThere = hooks.some((each) => at(each, 'config', 'url') === hookAddress(portal));
      return isThere ? { text: `registered${told}`, tone: 'good' } : { text: `not registered${told}`, tone: 'warning' };
    } catch (error) {
      return { text: `cannot be seen${told}: ${(error as Error).message}`.slice(0, 500), tone: 'neutral' };
    }
  }

  async function leftOf(target: GithubHost, owner: string): Promise<string> {
    const { who } = await client.credentialFor(target, owner).catch(() => ({ who: '' }));
    const [scarcest] = budget.left(who);
    return scarcest ? `${scarcest.remaining} of ${scarcest.limit}` : 'not known yet';
  }

  async function rowOf(organization: Organization): Promise<Row> {
    const { name, host: at_ } = organization;
    const target = hosts.find((each) => each.host === at_);
    if (!target) return { organization: name, host: at_, repositories: 'the host is not configured' };
    const known = listing.known(organization);
    const taken = known?.filter((each) => isWanted(each, organization)).length;
    const hook = await hookOf(target, name);
    const isRegistered = hook.text.startsWith('registered');
    return {
      organization: { text: name, href: `${target.site}/${name}` },
      host: at_,
      repositories: known ? `${taken} of ${known.length}` : 'not read yet',
      hook,
      left: await leftOf(target, name),
      do: {
        actions: [
          {
            title: isRegistered ? 'Register again' : 'Register webhook',
            route: 'register',
            body: { host: at_, organization: name },
            confirm: `${at_} will tell this portal of pushes, repositories, teams and pull requests of ${name}.`,
          },
        ],
      },
    };
  }

  return async () => ({
    model: 'table',
    note:
      organizations.length === 0
        ? 'No organisation is configured: add one to the configuration of the plugin to have its repositories in the catalog.'
        : 'A tenth of each limit of calls is kept for people: readings in the background stop before.',
    columns: [
      { id: 'organization', title: 'Organisation' },
      { id: 'host', title: 'Host' },
      { id: 'repositories', title: 'In the catalog' },
      { id: 'hook', title: 'Webhook' },
      { id: 'left', title: 'Calls left' },
      { id: 'do', title: '' },
    ],
    rows: await Promise.all(organizations.map(rowOf)),
  });
}
