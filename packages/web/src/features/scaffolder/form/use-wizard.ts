import type { JsonObject } from '@callboard/model';
import type { TemplateParameterSchema } from '@callboard/model/http';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { formQuery, type Secrets, type TemplateKey } from '../api.ts';
import { keep, readKept } from './kept.ts';
import {
  faultsOfPage,
  placeOf,
  shownPages,
  valuesToKeep,
  valuesToSend,
  withDefaults,
  withNewDefaults,
  withoutForgotten,
  type FormPage,
} from './pages.ts';
import { useSame } from './use-same.ts';

const settleFor = 200;

/** The secrets that a template asks for beside its form. */
export type AskedSecret = { name: string; title: string; description?: string; required: boolean };

export function secretsAsked(form: TemplateParameterSchema | undefined): AskedSecret[] {
  const schema = form?.secrets as
    | { properties?: Record<string, { title?: string; description?: string }>; required?: string[] }
    | undefined;
  return Object.entries(schema?.properties ?? {}).map(([name, { title = name, description }]) => ({
    name,
    title,
    ...(description !== undefined && { description }),
    required: schema?.required?.includes(name) ?? false,
  }));
}

/** What is filled in, what is wrong with it, and which pages there are because of it. */
export function useWizard(template: TemplateKey, prefilled: JsonObject | undefined) {
  const [values, setValues] = useState<JsonObject>(() => ({ ...readKept(template), ...prefilled }));
  const [secrets, setSecrets] = useState<Secrets>({});
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState<ReadonlySet<string>>(new Set());
  const [settled] = useDebouncedValue(values, settleFor);
  const { data: form, error, refetch, isPlaceholderData } = useQuery(formQuery(template, settled));
  // The form is computed anew with each answer.
  const same = useSame(form);
  const pages = useMemo(() => (same ? shownPages(same) : []), [same]);
  const complete = useMemo(
    () => (same ? withDefaults(pages, withoutForgotten(same, values, secrets)) : values),
    [same, pages, values, secrets],
  );
  const faults = useMemo(() => pages.map((page) => faultsOfPage(page, complete)), [pages, complete]);
  const asked = useMemo(() => secretsAsked(same), [same]);
  const lacking = asked.filter(({ name, required }) => required && !secrets[name]);

  const computed = useRef(same);
  useEffect(() => {
    const last = computed.current;
    computed.current = same;
    if (last && same && last !== same) setValues((now) => withNewDefaults(last, same, now));
  }, [same]);
  useEffect(() => {
    if (same) keep(template, valuesToKeep(same, values));
  }, [same, template, values]);

  const toTell = (page: FormPage, index: number) =>
    (faults[index] ?? []).filter(({ property }) => {
      const place = placeOf(property);
      return tried.has(page.title) || [...left].some((path) => place === path || place.startsWith(`${path}/`));
    });
  const setSecret = useCallback(
    (name: string, value: string) => setSecrets((before) => ({ ...before, [name]: value })),
    [],
  );
  return {
    form: same,
    error,
    refetch,
    pages,
    values,
    setValues,
    secrets,
    setSecret,
    asked,
    lacking,
    faults,
    toTell,
    /** Whether the pages are those of the values as they are now. */
    isSettled: !isPlaceholderData && settled === values,
    leave: useCallback((path: string[]) => setLeft((before) => new Set(before).add(path.join('/'))), []),
    attempt: useCallback((title: string) => setTried((before) => new Set(before).add(title)), []),
    toSend: useMemo(() => (same ? valuesToSend(same, complete) : complete), [same, complete]),
  };
}

export type Wizard = ReturnType<typeof useWizard>;
