import { Button } from '@mantine/core';
import { isJsonObject, type JsonObject } from '@callboard/model';
import type { TemplatePreviewResponse } from '@callboard/model/http';
import { useMutation, type UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ErrorState, SkeletonRows, Status } from '../../../core/ui/index.ts';
import { dryRun, type Secrets } from '../api.ts';
import { faultsOfPage, shownPages, type FormPage } from '../form/pages.ts';
import { TemplateForm } from '../form/TemplateForm.tsx';
import { useSame } from '../form/use-same.ts';
import { Plan } from '../parts/Plan.tsx';
import { uploadOf, type Draft } from './draft.ts';
import classes from './Editor.module.css';

type TrialProps = {
  draft: Draft;
  preview: UseQueryResult<TemplatePreviewResponse>;
  entityRef?: string | undefined;
  onGo: (line: number, column?: number) => void;
};

type Shown = TemplatePreviewResponse['templates'];

/** Of several templates in one file the one that was opened, or the first. */
const templateOf = (templates: Shown = [], entityRef: string | undefined) =>
  templates.find(
    ({ template: { metadata } }) =>
      isJsonObject(metadata) && typeof metadata.name === 'string' && entityRef?.endsWith(`/${metadata.name}`),
  ) ?? templates[0];

/** What becomes of the template as it is written now: faults, its form, and what it would make. */
export function Trial({ draft, preview, entityRef, onGo }: TrialProps) {
  const [values, setValues] = useState<JsonObject>({});
  const [secrets, setSecrets] = useState<Secrets>({});
  const { data, error, refetch } = preview;
  const found = templateOf(data?.templates, entityRef);
  const form = useSame(found?.form);
  const pages = useMemo(() => (form ? shownPages(form) : []), [form]);
  const run = useMutation({ mutationFn: () => dryRun(found!.template, draft.main, values, secrets, uploadOf(draft)) });
  if (error && !data)
    return (
      <div className={classes.trial}>
        <ErrorState error={error} what="The template could not be looked at" onRetry={() => void refetch()} />
      </div>
    );
  if (!data)
    return (
      <div className={classes.trial}>
        <SkeletonRows rows={8} label="Looking at the template" />
      </div>
    );
  return (
    <div className={classes.trial}>
      <section aria-label="Faults">
        <h2>Faults</h2>
        {data.problems.length === 0 ? (
          <Status level="ok" label="The template can be read." />
        ) : (
          <ul className={classes.faults}>
            {data.problems.map(({ severity, message, fix, line, column }, index) => (
              <li key={index}>
                <Status level={severity === 'error' ? 'failing' : 'warning'} label={message} isSentence />
                <p className={classes.dim}>
                  {line === undefined ? null : (
                    <button type="button" onClick={() => onGo(line, column)}>
                      Line {line}
                    </button>
                  )}{' '}
                  {fix}
                </p>
              </li>
            ))}
          </ul>
        )}
      </section>
      {found ? (
        <>
          <section aria-label="Form">
            <h2>Form</h2>
            {pages.map((page, index) => (
              <TrialPage
                key={`${index} ${page.title}`}
                page={page}
                values={values}
                secrets={secrets}
                onChange={setValues}
                onSecret={(name, value) => setSecrets((before) => ({ ...before, [name]: value }))}
              />
            ))}
          </section>
          <section aria-label="Dry run">
            <h2>Dry run</h2>
            <p className={classes.dim}>With the values above. It makes nothing outside.</p>
            <Button size="xs" loading={run.isPending} onClick={() => run.mutate()}>
              Try it out
            </Button>
            {run.error ? <ErrorState error={run.error} what="The dry run failed" /> : null}
            {run.data ? (
              <div className={classes.result}>
                <Plan plan={run.data} />
              </div>
            ) : null}
          </section>
        </>
      ) : null}
    </div>
  );
}

type TrialPageProps = {
  page: FormPage;
  values: JsonObject;
  secrets: Secrets;
  onChange: (values: JsonObject) => void;
  onSecret: (name: string, value: string) => void;
};

/** One page of the form. All pages share their values: each only adds its own. */
function TrialPage({ page, values, secrets, onChange, onSecret }: TrialPageProps) {
  const [left, setLeft] = useState(false);
  const faults = useMemo(() => (left ? faultsOfPage(page, values) : []), [left, page, values]);
  return (
    <details open className={classes.page}>
      <summary>{page.title}</summary>
      <TemplateForm
        page={page.schema}
        values={values}
        faults={faults}
        context={{ values, secrets, setSecret: onSecret }}
        onChange={onChange}
        onLeave={() => setLeft(true)}
      />
    </details>
  );
}
