import { Autocomplete, Input, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { codeHostsQuery, completionsQuery, hostNamesQuery } from '../../api.ts';
import classes from '../Form.module.css';
import {
  gitAddressOf,
  partsOfHost,
  readRepoUrl,
  wellKnownHosts,
  writeRepoUrl,
  type RepoParts,
} from '../../formats/hosts.ts';
import { fieldParts, textsOf, type Field } from './parts.tsx';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What the template allows in a part, and what it calls it. */
function ruleOf(key: string, options: Record<string, unknown>) {
  const allowed: Record<string, unknown> = {
    owner: options['allowedOwners'],
    repo: options['allowedRepos'],
    project: options['allowedProjects'],
    organization: options['allowedOrganizations'],
    workspace: options['allowedOwners'],
  };
  return {
    allowed: textsOf(allowed[key]),
    label: text(options[`${key}Label`]),
    description: text(options[`${key}Description`]),
  };
}

type PartFieldProps = {
  part: string;
  parts: RepoParts;
  /** Whether a plugin knows what there is on the host */
  isKnown: boolean;
  shared: { label: string; description: string | undefined; disabled: boolean; value: string; onBlur: () => void };
  onChange: (value: string) => void;
};

/** One part of an address, with what the host has of it to choose from. */
function PartField({ part, parts, isKnown, shared, onChange }: PartFieldProps) {
  const { host = '', owner } = parts;
  const [search] = useDebouncedValue(shared.value, 250);
  const isOwner = part === 'owner';
  const asks = isKnown && (isOwner || (part === 'repo' && owner !== undefined));
  const { data } = useQuery({
    ...hostNamesQuery({ host, what: isOwner ? 'owners' : 'repositories', ...(!isOwner && owner && { owner }), search }),
    enabled: asks,
    placeholderData: (before) => before,
  });
  if (!asks)
    return <TextInput {...shared} spellCheck={false} onChange={(event) => onChange(event.currentTarget.value)} />;
  const names = [...new Set(data?.items.map(({ value }) => value) ?? [])];
  return <Autocomplete {...shared} spellCheck={false} data={names} limit={20} onChange={onChange} />;
}

/** Where the repository goes: a code host with the parts of its addresses, or any Git remote. */
export function RepoUrlPicker(field: Field<string>) {
  const { input, options, id } = fieldParts(field);
  const hosts = textsOf(options['allowedHosts']);
  const read = readRepoUrl(field.formData ?? '');
  const [isPlain, setPlain] = useState('remote' in read);
  const { data } = useQuery({ ...completionsQuery('repositories'), enabled: isPlain });
  const { data: served } = useQuery({ ...codeHostsQuery, enabled: !isPlain });
  const known = served?.items ?? [];
  const names = known.map(({ host }) => host);
  const offered = hosts.length > 0 ? hosts : [...new Set([...names, ...wellKnownHosts])];
  const parts: RepoParts = 'parts' in read ? { ...read.parts, host: read.parts.host || offered[0]! } : {};
  const put = (value: string | undefined) => field.onChange(value, field.fieldPathId.path);
  const change = (next: RepoParts) => put(writeRepoUrl({ ...parts, ...next }));
  const blur = () => field.onBlur(id, field.formData);
  return (
    <Input.Wrapper
      label={input.label}
      description={input.description}
      error={input.error}
      required={input.required}
      labelElement="div"
      labelProps={{ id: `${id}__label` }}
    >
      <div role="group" aria-labelledby={`${id}__label`} className={classes.group}>
        {hosts.length === 0 ? (
          <SegmentedControl
            size="xs"
            aria-label="Where it is kept"
            data={[
              { value: 'host', label: 'On a code host' },
              { value: 'plain', label: 'Any Git remote' },
            ]}
            value={isPlain ? 'plain' : 'host'}
            onChange={(value) => {
              setPlain(value === 'plain');
              put(undefined);
            }}
          />
        ) : null}
        {isPlain ? (
          <Autocomplete
            id={id}
            label="Address"
            description="An address that git can push to, or a plain name for a repository of the portal."
            placeholder="ssh://git@git.example.com/team/name.git"
            value={'remote' in read ? read.remote : (field.formData ?? '')}
            data={idsOf(data)}
            limit={20}
            disabled={input.disabled}
            onChange={(value) => put(value || undefined)}
            onBlur={blur}
          />
        ) : (
          <>
            {hosts.length === 0 ? (
              <Autocomplete
                id={id}
                label="Host"
                data={offered}
                value={parts.host ?? ''}
                disabled={input.disabled}
                onChange={(host) => change({ host })}
                onBlur={blur}
              />
            ) : hosts.length > 1 ? (
              <NativeSelect
                id={id}
                label="Host"
                data={hosts}
                value={parts.host ?? hosts[0]!}
                disabled={input.disabled}
                onChange={(event) => change({ host: event.currentTarget.value })}
              />
            ) : (
              <p className={classes.note}>
                On <code>{hosts[0]}</code>
              </p>
            )}
            {partsOfHost(parts.host ?? '', known.find(({ host }) => host === parts.host)?.type).map(
              ({ key, label }) => {
                const rule = ruleOf(key, options);
                const shared = {
                  label: rule.label ?? label,
                  description: rule.description,
                  disabled: input.disabled,
                  value: parts[key] ?? '',
                  onBlur: blur,
                };
                return rule.allowed.length > 0 ? (
                  <NativeSelect
                    key={key}
                    {...shared}
                    data={['', ...rule.allowed]}
                    onChange={(event) => change({ [key]: event.currentTarget.value })}
                  />
                ) : (
                  <PartField
                    key={key}
                    part={key}
                    parts={parts}
                    isKnown={names.includes(parts.host ?? '')}
                    shared={shared}
                    onChange={(value) => change({ [key]: value })}
                  />
                );
              },
            )}
          </>
        )}
      </div>
    </Input.Wrapper>
  );
}

type SuggestedProps = { field: Field<string>; description: string; placeholder?: string; names: string[] };

/** A text with names to choose from, where some are known. */
function Suggested({ field, description, placeholder, names }: SuggestedProps) {
  const { input } = fieldParts(field);
  return (
    <Autocomplete
      {...input}
      description={input.description ?? description}
      placeholder={input.placeholder ?? placeholder}
      value={field.formData ?? ''}
      data={names}
      spellCheck={false}
      onChange={(value) => field.onChange(value || undefined, field.fieldPathId.path)}
      onBlur={() => field.onBlur(input.id, field.formData)}
      onFocus={() => field.onFocus(input.id, field.formData)}
    />
  );
}

const idsOf = (found: { results: { id: string }[] } | undefined) => found?.results.map(({ id }) => id) ?? [];

const partsIn = (repoUrl: string): RepoParts => {
  const read = readRepoUrl(repoUrl);
  return 'parts' in read ? read.parts : {};
};

/** The owner of a repository, as its host calls it: what the template allows, else owners in the portal. */
export function RepoOwnerPicker(field: Field<string>) {
  const { options } = fieldParts(field);
  const allowed = textsOf(options['allowedOwners']);
  const excluded = new Set(textsOf(options['excludedOwners']));
  const { data } = useQuery({ ...completionsQuery('owners'), enabled: allowed.length === 0 });
  const names = (allowed.length > 0 ? allowed : idsOf(data)).filter((name) => !excluded.has(name));
  return (
    <Suggested field={field} description="The organization, group or person that owns the repository." names={names} />
  );
}

/** A branch of the repository that another field of the form names, which `repoUrl` is as a rule. */
export function RepoBranchPicker(field: Field<string>) {
  const { context, options } = fieldParts(field);
  const named = context.values?.[text(options['repoUrlField']) ?? 'repoUrl'];
  const [address] = useDebouncedValue(typeof named === 'string' ? gitAddressOf(named) : undefined, 500);
  const { data: served } = useQuery(codeHostsQuery);
  const { host = '', owner, repo: repository } = typeof named === 'string' ? partsIn(named) : {};
  const isServed = served?.items.some((each) => each.host === host) ?? false;
  // Its plugin has the right to read it; Git alone may not.
  const asked = owner && repository && isServed ? { host, what: 'branches' as const, owner, repository } : undefined;
  const { data: told } = useQuery({
    ...hostNamesQuery(asked ?? { host, what: 'branches' }),
    enabled: asked !== undefined,
  });
  const { data } = useQuery({
    ...completionsQuery('branches', address),
    enabled: served !== undefined && asked === undefined && address !== undefined,
  });
  return (
    <Suggested
      field={field}
      description="The name of a branch."
      placeholder="main"
      names={asked ? (told?.items.map(({ value }) => value) ?? []) : address === undefined ? [] : idsOf(data)}
    />
  );
}
