import type { PluginGrants, StagedPlugin } from '@callboard/model/http';
import classes from '../plugins.module.css';

type Asks = StagedPlugin['asks'];

/** One thing that a plugin asks for, and how grants hold it. */
type Ask = {
  key: string;
  label: string;
  detail?: string | undefined;
  isIn: (grants: PluginGrants) => boolean;
  set: (grants: PluginGrants, on: boolean) => PluginGrants;
};

const inList = (
  list: 'hosts' | 'secrets' | 'catalog' | 'settings',
  word: string,
  label: string,
  detail?: string,
): Ask => ({
  key: `${list} ${word}`,
  label,
  detail,
  isIn: (grants) => grants[list]?.some((each) => each === word) ?? false,
  set: (grants, on) => {
    const others = (grants[list] ?? []).filter((each) => each !== word);
    return { ...grants, [list]: on ? [...others, word] : others };
  },
});
const flag = (name: 'store' | 'files', label: string): Ask => ({
  key: name,
  label,
  isIn: (grants) => grants[name] === true,
  set: (grants, on) => ({ ...grants, [name]: on }),
});

const catalogRights = {
  read: 'Read entities of the catalog',
  write: 'Bring entities into the catalog, from its own sources',
};

/** What a plugin asks for, one line each. */
export const asksOf = (asks: Asks): Ask[] => [
  ...(asks.hosts ?? []).map((host) =>
    inList(
      'hosts',
      host,
      host === '*' ? 'Call any host' : `Call ${host}`,
      host === '*' ? 'Its hosts stand in its configuration.' : undefined,
    ),
  ),
  ...(asks.secrets ?? []).map(({ name, description }) =>
    inList('secrets', name, `Have the secret ${name}`, description),
  ),
  ...(asks.catalog ?? []).map((right) => inList('catalog', right, catalogRights[right])),
  ...(asks.settings ?? []).map((name) =>
    inList('settings', name, `Read ${name} of the portal’s configuration`, 'With the secrets in it.'),
  ),
  ...(asks.store ? [flag('store', 'Keep values in a store of its own')] : []),
  ...(asks.files ? [flag('files', 'Keep temporary files in a folder of its own')] : []),
];

/** Everything that is asked for. */
export const allGrants = (asks: Asks): PluginGrants =>
  asksOf(asks).reduce<PluginGrants>((grants, ask) => ask.set(grants, true), {});

/** Of grants, those that are still asked for. */
export const stillAsked = (grants: PluginGrants, asks: Asks): PluginGrants =>
  asksOf(asks).reduce<PluginGrants>((kept, ask) => (ask.isIn(grants) ? ask.set(kept, true) : kept), {});

type GrantsProps = { asks: Asks; fresh?: Asks; grants: PluginGrants; onChange: (grants: PluginGrants) => void };

/** What a plugin may do: what is asked for, each to be granted or not. */
export function Grants({ asks, fresh = {}, grants, onChange }: GrantsProps) {
  const lines = asksOf(asks);
  const news = new Set(asksOf(fresh).map(({ key }) => key));
  if (lines.length === 0) return <p className={classes.second}>It asks for nothing.</p>;
  return (
    <ul className={classes.grants}>
      {lines.map((ask) => (
        <li key={ask.key}>
          <label>
            <input
              type="checkbox"
              checked={ask.isIn(grants)}
              onChange={(event) => onChange(ask.set(grants, event.currentTarget.checked))}
            />
            <span>
              {ask.label}
              {news.has(ask.key) ? <span className={classes.new}>new in this version</span> : null}
              {ask.detail ? <span className={classes.detail}>{ask.detail}</span> : null}
            </span>
          </label>
        </li>
      ))}
    </ul>
  );
}
