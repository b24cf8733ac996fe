import type { RoleBody, RoleSchema } from '@callboard/model/http';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { permissionsQuery, putRole } from '../api.ts';
import { Change } from './Change.tsx';
import { conditionOf, type Draft, draftOf, everything } from './condition.ts';
import { ConditionFields } from './ConditionFields.tsx';
import classes from './Policy.module.css';

/** Permissions that hold under one condition. */
type Grant = { id: number; names: string; only: Draft };

const grantsOf = (role: RoleSchema | undefined): Grant[] =>
  role && role.grants.length > 0
    ? role.grants.map(({ permissions, when }, id) => ({ id, names: permissions.join('\n'), only: draftOf(when) }))
    : [{ id: 0, names: '', only: everything }];

/** What a grant says, apart for permissions that conditions are about and those that they are not. */
function written({ names, only }: Grant, onEntities: ReadonlySet<string>): RoleBody['permissions'] {
  const all = names.split(/[\s,]+/).filter(Boolean);
  const when = conditionOf(only);
  if (when === undefined) return all;
  const begins = (start: string) => [...onEntities].some((name) => name.startsWith(start));
  const conditional = all.filter((each) =>
    each.includes('*') ? begins(each.slice(0, each.indexOf('*'))) : onEntities.has(each),
  );
  const plain = all.filter((each) => !conditional.includes(each));
  return [...plain, ...(conditional.length > 0 ? [{ permissions: conditional, when }] : [])];
}

/** Makes a role, or changes one: its permissions, in groups with a condition each. */
export function RoleForm({ role, onDone }: { role?: RoleSchema; onDone: () => void }) {
  const { data } = useQuery(permissionsQuery);
  const [name, setName] = useState(role?.name ?? '');
  const [description, setDescription] = useState(role?.description ?? '');
  const [grants, setGrants] = useState(() => grantsOf(role));
  const first = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (role) first.current?.focus();
  }, [role]);
  const body = (): RoleBody => {
    const onEntities = new Set(data?.items.flatMap((item) => (item.resourceType ? [item.name] : [])));
    return {
      ...(role && role.title !== role.name && { title: role.title }),
      ...(description && { description }),
      permissions: grants.flatMap((grant) => written(grant, onEntities)),
    };
  };
  const put = (id: number, change: Partial<Grant>) =>
    setGrants(grants.map((grant) => (grant.id === id ? { ...grant, ...change } : grant)));
  return (
    <Change
      label="Save the role"
      change={() => ({ putRoles: [{ name, ...body() }] })}
      save={() => putRole(name, body())}
      onSaved={() => {
        setName('');
        setDescription('');
        setGrants(grantsOf(undefined));
        onDone();
      }}
    >
      <TextInput
        label="Name"
        required
        withAsterisk={false}
        readOnly={role !== undefined}
        pattern="[a-z0-9][a-z0-9._\-]{0,62}"
        title="lower-case letters, digits, dots and dashes"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="What it is for"
        maxLength={1000}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      {grants.map(({ id, names, only }, index) => (
        <fieldset key={id} className={classes.grant} aria-label={`Permissions, part ${index + 1}`}>
          <Textarea
            ref={index === 0 ? first : undefined}
            className={classes.wide}
            label="Permissions"
            description="One in each line; * stands for any part, such as catalog.*"
            required
            withAsterisk={false}
            rows={4}
            value={names}
            onChange={(event) => put(id, { names: event.currentTarget.value })}
          />
          <ConditionFields value={only} onChange={(changed) => put(id, { only: changed })} />
          {grants.length > 1 ? (
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={`Remove part ${index + 1}`}
              onClick={() => setGrants(grants.filter((grant) => grant.id !== id))}
            >
              Remove
            </Button>
          ) : null}
        </fieldset>
      ))}
      <div className={classes.row}>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() =>
            setGrants([...grants, { id: Math.max(...grants.map(({ id }) => id)) + 1, names: '', only: everything }])
          }
        >
          Add permissions under another condition
        </Button>
      </div>
    </Change>
  );
}
