import { Loader, MultiSelect, Select, type ComboboxItem } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { usePrincipal } from '../../../../core/session/index.ts';
import { KindIcon, nameOf, readRef, useBrief } from '../../../catalog/index.ts';
import classes from '../Form.module.css';
import { offeredQuery, refOf, type CatalogFilter } from './catalog.ts';
import { fieldParts, textsOf, type Field } from './parts.tsx';

type Offer = ComboboxItem & { detail?: string; kind?: string };

const settleFor = 150;

/** What can be chosen: entities by their names, what was chosen before, and, where it is allowed, what was typed. */
function useOffers(filter: CatalogFilter | undefined, typed: string, chosen: string[], arbitrary: boolean) {
  const [text] = useDebouncedValue(typed.trim(), settleFor);
  const { data, isFetching, error } = useQuery(offeredQuery(filter, text));
  const known = (data?.items ?? []).map((item): Offer => {
    const entity = item as never;
    return { value: refOf(entity), label: nameOf(entity), detail: refOf(entity), kind: item.kind ?? '' };
  });
  const missing = chosen.filter((ref) => !known.some(({ value }) => value === ref));
  const written =
    arbitrary && text !== '' && !known.some(({ value, label }) => value === text || label === text)
      ? [{ value: text, label: text, detail: 'Use what was typed' }]
      : [];
  const offers = [...known, ...written.filter(({ value }) => !missing.includes(value))];
  return { offers, missing, isFetching, error, isEmpty: data?.totalItems === 0 && text === '' };
}

const renderOffer = ({ option }: { option: ComboboxItem }): ReactNode => {
  const { kind, label, detail } = option as Offer;
  return (
    <span className={classes.offer}>
      {kind ? <KindIcon kind={kind} size="0.875rem" /> : null}
      <span>
        {label}
        {detail && detail !== label ? <small>{detail}</small> : null}
      </span>
    </span>
  );
};

type Rules = {
  filter: CatalogFilter | undefined;
  kind: string | undefined;
  namespace: string;
  arbitrary: boolean;
  autoSelect: boolean;
};

/** What the template allows a field to hold. */
function rulesOf(options: Record<string, unknown>, kinds: string[]): Rules {
  const allowed = textsOf(options['allowedKinds'] ?? kinds);
  const filter = options['catalogFilter'] as CatalogFilter | undefined;
  return {
    filter: filter ?? (allowed.length > 0 ? { kind: allowed } : undefined),
    kind: typeof options['defaultKind'] === 'string' ? options['defaultKind'] : undefined,
    namespace: typeof options['defaultNamespace'] === 'string' ? options['defaultNamespace'] : 'default',
    arbitrary: options['allowArbitraryValues'] !== false,
    autoSelect: options['autoSelect'] !== false,
  };
}

/** What was typed as a whole reference, where it can be read as one. */
function completed(text: string, { kind, namespace }: Rules): string {
  const ref = readRef(text, kind, namespace);
  return ref ? `${ref.kind}:${ref.namespace}/${ref.name}` : text;
}

const nothing = ({ error, isEmpty }: { error: Error | null; isEmpty: boolean }): string =>
  error ? error.message : isEmpty ? 'The catalog has nothing that fits here.' : 'No entity has such a name.';

function OneEntity({ field, rules, note }: { field: Field<string>; rules: Rules; note?: string | undefined }) {
  const { input } = fieldParts(field);
  const value = field.formData ?? null;
  const [search, setSearch] = useState('');
  const ref = value === null ? undefined : readRef(value, rules.kind ?? 'component', rules.namespace);
  const { data: brief } = useBrief(ref ? `${ref.kind}:${ref.namespace}/${ref.name}` : 'component:default/none');
  const label = (ref && brief ? nameOf(brief) : value) ?? '';
  const found = useOffers(rules.filter, search === label ? '' : search, value === null ? [] : [value], rules.arbitrary);
  const data = [
    ...found.missing.map((missing): Offer => ({ value: missing, label, detail: missing })),
    ...found.offers,
  ];
  const put = (next: string | null) =>
    field.onChange(next === null ? undefined : completed(next, rules), field.fieldPathId.path);
  return (
    <Select
      {...input}
      description={
        <>
          {input.description}
          {note ? <p>{note}</p> : null}
        </>
      }
      searchable
      clearable={!input.required}
      data={data}
      value={value}
      filter={({ options }) => options}
      renderOption={renderOffer}
      nothingFoundMessage={nothing(found)}
      rightSection={found.isFetching ? <Loader size="xs" /> : undefined}
      onSearchChange={setSearch}
      onChange={put}
      onBlur={() => {
        const typed = search.trim();
        const fits = found.offers.find(({ label: name, value: each }) => name === typed || each === typed);
        if (typed !== '' && typed !== label && rules.autoSelect) {
          if (fits) put(fits.value);
          else if (rules.arbitrary) put(typed);
        }
        field.onBlur(input.id, value);
      }}
      onFocus={() => field.onFocus(input.id, value)}
    />
  );
}

/** One entity of the catalog. */
export const EntityPicker = (field: Field<string>) => (
  <OneEntity field={field} rules={rulesOf(fieldParts(field).options, [])} />
);

/** A group or a person. */
export function OwnerPicker(field: Field<string>) {
  const { options } = fieldParts(field);
  return <OneEntity field={field} rules={rulesOf({ defaultKind: 'Group', ...options }, ['Group', 'User'])} />;
}

const asConditions = (filter: CatalogFilter | undefined) => (filter === undefined ? [{}] : [filter].flat());

/** An entity that one's own groups own. */
export function OwnedEntityPicker(field: Field<string>) {
  const { data: me } = usePrincipal();
  const rules = rulesOf(fieldParts(field).options, []);
  const refs = me?.kind === 'user' ? [me.entityRef, ...(me.groups ?? []).map(({ entityRef }) => entityRef)] : [];
  const owned =
    refs.length === 0
      ? rules.filter
      : asConditions(rules.filter).map((each) => ({ ...each, 'relations.ownedBy': refs }));
  const note =
    me && refs.length === 0 ? 'You are not signed in as a person of the catalog, so all are offered.' : undefined;
  return <OneEntity field={field} rules={{ ...rules, filter: owned }} note={note} />;
}

/** A group that one is in. */
export function MyGroupsPicker(field: Field<string>) {
  const { data: me } = usePrincipal();
  const mine = me?.kind === 'user' ? me.entityRef : undefined;
  const filter: CatalogFilter = mine ? { kind: 'Group', 'relations.hasMember': mine } : { kind: 'Group' };
  const rules = rulesOf({ defaultKind: 'Group', allowArbitraryValues: false, ...fieldParts(field).options }, []);
  const note = me && !mine ? 'You are not signed in as a person of the catalog, so all groups are offered.' : undefined;
  return <OneEntity field={field} rules={{ ...rules, filter }} note={note} />;
}

/** Several entities of the catalog. */
export function MultiEntityPicker(field: Field<string[]>) {
  const { input, options } = fieldParts(field);
  const rules = rulesOf(options, []);
  const [search, setSearch] = useState('');
  const value = textsOf(field.formData);
  const found = useOffers(rules.filter, search, value, rules.arbitrary);
  const most = (field.schema as { maxItems?: number }).maxItems;
  return (
    <MultiSelect
      {...input}
      searchable
      clearable
      hidePickedOptions
      {...(most !== undefined && { maxValues: most })}
      data={[...found.missing.map((ref): Offer => ({ value: ref, label: ref })), ...found.offers]}
      value={value}
      filter={({ options: all }) => all}
      renderOption={renderOffer}
      nothingFoundMessage={nothing(found)}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(next) =>
        field.onChange(
          next.map((each) => completed(each, rules)),
          field.fieldPathId.path,
        )
      }
      onBlur={() => field.onBlur(input.id, value)}
      onFocus={() => field.onFocus(input.id, value)}
    />
  );
}
