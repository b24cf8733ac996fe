import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { planRun, templateRef, type TemplateKey } from '../api.ts';
import type { Wizard } from '../form/use-wizard.ts';

/** What a run with the answers as they are would do. Secrets are no part of the key: it is kept, they are not. */
export const planQuery = (
  template: TemplateKey,
  { toSend, secrets }: Pick<Wizard, 'toSend' | 'secrets'>,
  // While somebody types, nothing is read elsewhere.
  compare: boolean,
) =>
  queryOptions({
    queryKey: ['scaffolder', 'plan', templateRef(template), toSend, Object.keys(secrets), compare],
    queryFn: ({ signal }) => planRun(template, toSend, secrets, { compare, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
    refetchOnWindowFocus: false,
  });
