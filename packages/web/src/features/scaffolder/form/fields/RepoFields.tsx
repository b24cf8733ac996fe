import { Autocomplete, Input, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import classes from '../Form.module.css';
import { partsOfHost, readRepoUrl, wellKnownHosts, writeRepoUrl, type RepoParts } from '../../formats/hosts.ts';
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

/** Where the repository goes: a code host with the parts of its addresses, or any Git remote. */
export function RepoUrlPicker(field: Field<string>) {
  const { input, options, id } = fieldParts(field);
  const hosts = textsOf(options['allowedHosts']);
  const read = readRepoUrl(field.formData ?? '');
  const [isPlain, setPlain] = useState('remote' in read);
  const offered = hosts.length > 0 ? hosts : wellKnownHosts;
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
          <TextInput
            id={id}
            label="Address"
            description="An address that git can push to, or a plain name for a repository of the portal."
            placeholder="ssh://git@git.example.com/team/name.git"
            value={'remote' in read ? read.remote : (field.formData ?? '')}
            disabled={input.disabled}
            onChange={(event) => put(event.currentTarget.value || undefined)}
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
            {partsOfHost(parts.host ?? '').map(({ key, label }) => {
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
                <TextInput
                  key={key}
                  {...shared}
                  spellCheck={false}
                  onChange={(event) => change({ [key]: event.currentTarget.value })}
                />
              );
            })}
          </>
        )}
      </div>
    </Input.Wrapper>
  );
}

const plainText = (description: string, placeholder?: string) =>
  function PlainField(field: Field<string>) {
    const { input } = fieldParts(field);
    return (
      <TextInput
        {...input}
        description={input.description ?? description}
        placeholder={input.placeholder ?? placeholder}
        value={field.formData ?? ''}
        spellCheck={false}
        onChange={(event) => field.onChange(event.currentTarget.value || undefined, field.fieldPathId.path)}
        onBlur={() => field.onBlur(input.id, field.formData)}
        onFocus={() => field.onFocus(input.id, field.formData)}
      />
    );
  };

/** The owner of a repository, as its host calls it. */
export const RepoOwnerPicker = plainText('The organization, group or person that owns the repository.');

/** A branch of a repository. */
export const RepoBranchPicker = plainText('The name of a branch.', 'main');
