import type { Features } from '../features.ts';
import type { Pattern } from '../inline/pattern.ts';
import { element, elementsOf, type Element } from '../tree/nodes.ts';

/** What pymdownx' magiclink knows of a code host; `{}` stands for the number, a commit or two of them. */
type Provider = {
  label: string;
  host: string;
  user: string;
  hash: number;
  /** Not people. */
  excluded: string[];
  /** What follows the repository in an address, and how such an address is written. */
  paths: Partial<Record<Kind, [read: string, written: string]>>;
};
type Kind = 'issue' | 'pull' | 'discuss' | 'commit' | 'compare';

const number = String.raw`(\d+)`;
const commit = '([\\da-f]{40})';

const providers: Record<string, Provider> = {
  github: {
    label: 'GitHub',
    host: 'github.com',
    user: String.raw`[a-zA-Z\d](?:[-a-zA-Z\d_]{0,37}[a-zA-Z\d])?`,
    hash: 7,
    excluded: ['marketeplace', 'notifications', 'issues', 'pull', 'sponsors', 'settings', 'support'],
    paths: {
      issue: [`issues/${number}`, 'issues/{}'],
      pull: [`pull/${number}`, 'pull/{}'],
      discuss: [`discussions/${number}`, 'discussions/{}'],
      commit: [`commit/${commit}`, 'commit/{}'],
      compare: [String.raw`compare/${commit}\.{3}${commit}`, 'compare/{}...{}'],
    },
  },
  gitlab: {
    label: 'GitLab',
    host: 'gitlab.com',
    user: String.raw`[.a-zA-Z\d_](?:[-a-zA-Z\d_.]{0,37}[-a-zA-Z\d_])?`,
    hash: 8,
    excluded: ['dashboard', '-', 'explore', 'help', 'projects'],
    paths: {
      issue: [`issues/${number}`, 'issues/{}'],
      pull: [`merge_requests/${number}`, 'merge_requests/{}'],
      commit: [`commit/${commit}`, 'commit/{}'],
      compare: [String.raw`compare/${commit}\.{3}${commit}`, 'compare/{}...{}'],
    },
  },
  bitbucket: {
    label: 'Bitbucket',
    host: 'bitbucket.org',
    user: String.raw`[-a-zA-Z\d_]{1,39}`,
    hash: 7,
    excluded: ['dashboard', 'account', 'plans', 'support', 'repo'],
    paths: {
      issue: [`issues/${number}(?:/[^/]+)?`, 'issues/{}'],
      pull: [`pull-requests/${number}(?:/[^/]+(?:/diff)?)?`, 'pull-requests/{}'],
      commit: [`commits/commit/${commit}`, 'commits/commit/{}'],
      compare: [String.raw`branches/commits/${commit}(?:\.{2}|%0d)${commit}#diff`, 'branches/commits/{}..{}#diff'],
    },
  },
};

const names: Record<Kind, [label: string, className: string, sign: string]> = {
  issue: ['Issue', 'issue', '#'],
  pull: ['Pull Request', 'pull', '!'],
  discuss: ['Discussion', 'discussion', '?'],
  commit: ['Commit', 'commit', '@'],
  compare: ['Compare', 'compare', '@'],
};
const kinds = Object.keys(names) as Kind[];
const extension = 'pymdownx.magiclink';

type Settings = {
  shortens: boolean;
  shorthand: boolean;
  hidesProtocol: boolean;
  provider: string;
  user: string;
  repo: string;
  normal: boolean;
  labels: Record<string, unknown>;
};

function settingsOf({ has, option }: Features): Settings | undefined {
  if (!has(extension)) return undefined;
  const text = (key: string) => {
    const value = option(extension, key);
    return typeof value === 'string' ? value : '';
  };
  const labels = option(extension, 'labels');
  const provider = text('provider');
  return {
    shortens: option(extension, 'repo_url_shortener') === true,
    shorthand: option(extension, 'repo_url_shorthand') === true,
    hidesProtocol: option(extension, 'hide_protocol') === true,
    provider: Object.hasOwn(providers, provider) ? provider : 'github',
    user: text('user'),
    repo: text('repo'),
    normal: option(extension, 'normalize_issue_symbols') === true,
    labels: labels && typeof labels === 'object' && !Array.isArray(labels) ? labels : {},
  };
}

/** Whether `@user`, `user/repository#1` and `#1` are links. */
export const hasShorthand = (features: Features) =>
  features.has(extension) && features.option(extension, 'repo_url_shorthand') === true;

const labelOf = ({ labels }: Settings, kind: string, fallback: string) => {
  const said = labels[kind];
  return typeof said === 'string' ? said : fallback;
};

type Place = { provider: string; user: string; repo: string };

/** How a link to something in a repository reads: no more of the repository than it takes to tell it. */
function describe(settings: Settings, place: Place, kind: Kind, values: string[]) {
  const { provider, user, repo } = place;
  const { label, hash } = providers[provider]!;
  const isUser =
    settings.user !== '' && settings.repo !== '' && provider === settings.provider && user === settings.user;
  const near = isUser && repo === settings.repo ? '' : isUser ? repo : `${user}/${repo}`;
  const [fallback, className, sign] = names[kind];
  const isCommit = kind === 'commit' || kind === 'compare';
  const shown = isCommit ? values.map((value) => value.slice(0, hash)).join('...') : values[0]!;
  const mark = isCommit ? (near === '' ? '' : '@') : settings.normal ? '#' : sign;
  return {
    text: `${near}${mark}${shown}`,
    class: `magiclink magiclink-${provider} magiclink-${className}`,
    title: `${label} ${labelOf(settings, kind, fallback)}: ${user}/${repo}${isCommit ? '@' : ' #'}${shown}`,
  };
}

const readers = Object.entries(providers).map(([name, { host, user, paths }]) => {
  const base = String.raw`^https://(?:www\.)?${host.replace('.', '\\.')}/(${user})`;
  return {
    name,
    whole: new RegExp(`${base}(?:/([^/]+))?/?$`, 'i'),
    paths: kinds.flatMap((kind) => {
      const path = paths[kind];
      return path ? [{ kind, regex: new RegExp(`${base}/([^/]+)/${path[0]}/?$`, 'i') }] : [];
    }),
  };
});

function shorten(settings: Settings, link: Element, href: string): void {
  const show = (said: { text: string; class: string; title: string }) => {
    link.attributes = {
      ...link.attributes,
      title: said.title,
      class: [link.attributes.class, said.class].filter(Boolean).join(' '),
    };
    link.children = [said.text];
    link.atomic = true;
  };
  for (const { name, whole, paths } of readers) {
    const { label, excluded } = providers[name]!;
    for (const { kind, regex } of paths) {
      const [, user, repo, ...values] = regex.exec(href) ?? [];
      if (user === undefined || repo === undefined) continue;
      if (!excluded.includes(user.toLowerCase()))
        show(describe(settings, { provider: name, user, repo }, kind, values));
      return;
    }
    const [, user, repo] = whole.exec(href) ?? [];
    if (user === undefined) continue;
    if (excluded.includes(user.toLowerCase())) return;
    const className = (kind: string) => `magiclink magiclink-${name} magiclink-${kind}`;
    if (repo === undefined)
      show({
        text: `@${user}`,
        class: className('mention'),
        title: `${label} ${labelOf(settings, 'mention', 'User')}: ${user}`,
      });
    else
      show({
        text: `${user}/${repo}`,
        class: className('repository'),
        title: `${label} ${labelOf(settings, 'repository', 'Repository')}: ${user}/${repo}`,
      });
    return;
  }
}

/** Shortens links whose text is an address of a code host, and hides protocols, where the site asks for it. */
export function shortenLinks(features: Features, root: Element): void {
  const settings = settingsOf(features);
  if (!settings || (!settings.shortens && !settings.hidesProtocol)) return;
  for (const link of elementsOf(root)) {
    const { href } = link.attributes;
    const [text] = link.children;
    if (link.tag !== 'a' || href === undefined || link.children.length !== 1 || text !== href) continue;
    if (settings.hidesProtocol && link.atomic)
      link.children = [text.slice(text.indexOf('://') < 0 ? 0 : text.indexOf('://') + 3)];
    if (settings.shortens) shorten(settings, link, href);
  }
}

const repository = String.raw`[-._a-zA-Z\d]{0,99}[a-zA-Z\d]`;
const users = (provider: string) =>
  String.raw`(?:${Object.entries(providers)
    .map(([name, { user }]) => `${name}:${user}`)
    .join('|')}|${providers[provider]!.user})`;

/** `@user`, `@user/repository`, `user/repository#1`, `#1` and commits as links, where the site asks for it. */
export function repositoryPatterns(features: Features): Pattern[] {
  const settings = hasShorthand(features) ? settingsOf(features) : undefined;
  if (!settings) return [];
  const placeOf = (said: string): { provider: string; user: string } => {
    const [, provider, user] = /^(github|gitlab|bitbucket):(.*)$/.exec(said) ?? [];
    return provider === undefined ? { provider: settings.provider, user: said } : { provider, user: user! };
  };
  const link = (match: RegExpExecArray, href: string, said: { text: string; class: string; title: string }) => {
    const node = element('a', { class: said.class, href, title: said.title }, [said.text]);
    node.atomic = true;
    return { node, start: match.index, end: match.index + match[0].length };
  };
  const mention: Pattern = {
    name: 'magic-mention',
    needs: ['@'],
    outsideLinks: true,
    regex: new RegExp(String.raw`(?<![a-zA-Z])@(${users(settings.provider)})\b(?:/(${repository})\b)?`, 'g'),
    handle(match) {
      const [, said = '', repo] = match;
      const { provider, user } = placeOf(said);
      const { label, host } = providers[provider]!;
      const kind = repo === undefined ? 'mention' : 'repository';
      const name = repo === undefined ? user : `${user}/${repo}`;
      return link(match, `https://${host}/${name}`, {
        text: repo === undefined ? `@${name}` : name,
        class: `magiclink magiclink-${provider} magiclink-${kind}`,
        title: `${label} ${labelOf(settings, kind, repo === undefined ? 'User' : 'Repository')}: ${name}`,
      });
    },
  };
  const tail = String.raw`(?:([#!?])([1-9]\d*)|@([a-f\d]{40})(?:\.{3}([a-f\d]{40}))?)\b`;
  const refer = (match: RegExpExecArray, place: Place, [sign, issue, first, second]: (string | undefined)[]) => {
    const kind: Kind | undefined =
      first === undefined ? kinds.find((each) => names[each][2] === sign) : second === undefined ? 'commit' : 'compare';
    const written = kind && providers[place.provider]!.paths[kind]?.[1];
    if (!kind || written === undefined) return undefined;
    const values = [issue ?? first!, ...(second === undefined ? [] : [second])];
    let next = 0;
    const path = written.replaceAll('{}', () => values[next++] ?? '');
    const href = `https://${providers[place.provider]!.host}/${place.user}/${place.repo}/${path}`;
    return link(match, href, describe(settings, place, kind, values));
  };
  const reference: Pattern = {
    name: 'magic-reference',
    needs: ['#', '!', '?', '@'],
    outsideLinks: true,
    regex: new RegExp(String.raw`(?<![@/\w.-])(?:(${users(settings.provider)})/)?(${repository})${tail}`, 'g'),
    handle(match) {
      const [, said = settings.user, repo = '', ...rest] = match;
      return said === '' ? undefined : refer(match, { ...placeOf(said), repo }, rest);
    },
  };
  const own: Pattern = {
    name: 'magic-own-reference',
    // A commit is but letters and digits.
    needs: [''],
    outsideLinks: true,
    regex: /(?:(?<![a-zA-Z])([#!?])([1-9]\d*)|(?<![@/])\b([a-f\d]{40})(?:\.{3}([a-f\d]{40}))?)\b/g,
    handle: (match) => refer(match, settings, match.slice(1)),
  };
  return [mention, reference, ...(settings.user !== '' && settings.repo !== '' ? [own] : [])];
}
