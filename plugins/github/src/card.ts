import type { StatView, View } from '@callboard/plugin-api';
import { type Knowing, withAge } from '@callboard/plugin-api/known';
import type { Client } from './client.ts';
import { evidenceOf } from './evidence.ts';
import { type Facts, factsOf } from './facts.ts';
import type { GithubHost } from './hosts.ts';

/** A card may be so old, and take so long where nothing is known yet. */
const freshMs = 60_000;
const patienceMs = 8_500;
/** By what a card is known, and forgotten when a hook tells of its repository. */
export const cardKey = (host: string, owner: string, repository: string): string =>
  `${host}/${owner}/${repository}`.toLowerCase();

type Item = StatView['items'][number];

function itemsOf({
  repository,
  lastChange,
  openChanges = 0,
  openIssues,
  release,
  languages = [],
  contributors = [],
  owners = [],
}: Facts): Item[] {
  const joined = (texts: string[]) => texts.join(', ').slice(0, 500);
  const day = (moment: string | undefined) => (moment === undefined ? '' : ` (${moment.slice(0, 10)})`);
  const change = lastChange && `${lastChange.at.slice(0, 10)} ${lastChange.title}`.slice(0, 300);
  return [
    {
      label: 'Repository',
      value: `${repository.owner}/${repository.name}`,
      href: repository.url,
      ...(repository.archived && { tone: 'warning' as const }),
    },
    ...(lastChange
      ? [
          {
            label: 'Last commit',
            value: `${change}${lastChange.author ? `, ${lastChange.author.slice(0, 100)}` : ''}`,
            ...(lastChange.href && { href: lastChange.href }),
          },
        ]
      : []),
    { label: 'Open pull requests', value: openChanges, href: `${repository.url}/pulls` },
    { label: 'Open issues', value: openIssues, href: `${repository.url}/issues` },
    ...(release
      ? [
          {
            label: 'Latest release',
            value: `${release.name}${day(release.at)}`,
            ...(release.href && { href: release.href }),
          },
        ]
      : []),
    ...(languages.length > 0
      ? [
          {
            label: 'Languages',
            value: joined(languages.slice(0, 4).map(({ name, share }) => `${name} ${Math.round(share * 100)} %`)),
          },
        ]
      : []),
    ...(contributors.length > 0 ? [{ label: 'Busiest lately', value: joined(contributors.slice(0, 5)) }] : []),
    ...(owners.length > 0 ? [{ label: 'Code owners', value: joined(owners.slice(0, 6)) }] : []),
  ];
}

/** The card of an entity's repository: nothing of one whose repository is elsewhere. */
export const createCard =
  (hosts: readonly GithubHost[], client: Client, know: Knowing): View =>
  async ({ entity }) => {
    const evidence = entity && evidenceOf(entity, hosts);
    if (!evidence) return { model: 'stat', items: [] };
    const { target, owner, repository, from } = evidence;
    if (target.token === undefined && target.apps.length === 0)
      return {
        model: 'stat',
        note: `Its repository is ${owner}/${repository} on ${target.host}, by ${from}; what is there can be shown when a token or an app is configured.`,
        items: [],
      };
    const known = await know(cardKey(target.host, owner, repository), {
      freshMs,
      until: Date.now() + patienceMs,
      ask: () => factsOf(client, target, { owner, repository }),
    });
    const { value: facts } = known;
    if (!facts)
      return withAge(
        {
          model: 'stat',
          note: `${target.host} shows no repository ${owner}/${repository} to this portal: it was deleted or renamed, or the token may not see it. Its name comes from ${from}.`,
          items: [],
        },
        known,
      );
    const archived = facts.repository.archived ? ' It is archived.' : '';
    return withAge({ model: 'stat', note: `Found by ${from}.${archived}`, items: itemsOf(facts) }, known);
  };
