import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { ApiError } from '../../../core/api/index.ts';
import { StarButton, useMay } from '../../../core/session/index.ts';
import {
  AppLink,
  EmptyState,
  ErrorState,
  LinkButton,
  PageHeader,
  SkeletonRows,
  Status,
} from '../../../core/ui/index.ts';
import { EntityLink } from '../../catalog/index.ts';
import type { WizardSearch } from '../address.ts';
import { templateRef, templatesQuery, type TemplateKey } from '../api.ts';
import { readPrefilled } from '../form/kept.ts';
import { useWizard } from '../form/use-wizard.ts';
import type { PlanResult } from '../parts/Plan.tsx';
import { saves } from '../parts/words.ts';
import { Preview } from '../wizard/Preview.tsx';
import { Review } from '../wizard/Review.tsx';
import { StepForm } from '../wizard/StepForm.tsx';
import { StepList, type WizardStep } from '../wizard/StepList.tsx';
import classes from '../wizard/Wizard.module.css';

/** The form of a template, page after page, and at its end what would be made. */
export function WizardPage() {
  const { namespace = '', name = '' }: Partial<TemplateKey> = useParams({ strict: false });
  // Another template is another form.
  return <Wizard key={`${namespace}/${name}`} namespace={namespace} name={name} />;
}

function Wizard({ namespace, name }: TemplateKey) {
  const template = useMemo(() => ({ namespace, name }), [namespace, name]);
  const ref = templateRef(template).toLowerCase();
  const search: WizardSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const [prefilled] = useState(() => readPrefilled(search.formData));
  const wizard = useWizard(template, prefilled);
  const [seen, setSeen] = useState<PlanResult>();
  const mayRun = useMay('scaffolder.task.create');
  const { data: templates } = useQuery(templatesQuery);
  const summary = templates?.find((each) => each.ref === ref);
  const { form, pages, faults } = wizard;

  const steps = useMemo((): WizardStep[] => {
    const secrets =
      wizard.asked.length > 0 ? [{ id: 'secrets', title: 'Secrets', missing: wizard.lacking.length }] : [];
    return [
      ...pages.map(({ title }, index) => ({
        id: String(index + 1),
        title,
        missing: faults[index]?.length ?? 0,
      })),
      ...secrets,
      { id: 'review', title: 'Review', missing: 0 },
    ];
  }, [pages, faults, wizard.asked, wizard.lacking.length]);

  const header = (
    <PageHeader
      title={form?.title ?? summary?.title ?? name}
      description={
        <>
          {form?.description ? <p>{form.description}</p> : null}
          <p className={classes.facts}>
            {summary?.owner ? (
              <span>
                by <EntityLink entityRef={summary.owner} defaultKind="group" icon={false} />
              </span>
            ) : null}
            {summary?.minutesSaved ? <span>{saves(summary.minutesSaved)}</span> : null}
            <AppLink to={`/catalog/${namespace}/template/${name}`}>About this template</AppLink>
          </p>
        </>
      }
      actions={<StarButton entityRef={ref} name={summary?.title ?? name} size="1.125rem" />}
    />
  );

  if (wizard.error && !form)
    return wizard.error instanceof ApiError && wizard.error.status === 404 ? (
      <>
        <PageHeader title={name} />
        <EmptyState
          title={`There is no template ${name}`}
          action={
            <LinkButton to="/create" variant="default">
              All templates
            </LinkButton>
          }
        >
          The catalog has no template of this name in the namespace {namespace}, or you may not see it.
        </EmptyState>
      </>
    ) : (
      <>
        {header}
        <ErrorState error={wizard.error} what="The form could not be read" onRetry={() => void wizard.refetch()} />
      </>
    );
  if (!form)
    return (
      <>
        {header}
        <SkeletonRows rows={8} label="Loading the form" />
      </>
    );

  const wanted = Math.max(
    0,
    steps.findIndex(({ id }) => id === (search.step ?? '1')),
  );
  // Nobody is sent past a page that still lacks something.
  const firstOpen = steps.findIndex(({ missing }) => missing > 0);
  const at = firstOpen !== -1 && wanted > firstOpen && wizard.isSettled ? firstOpen : wanted;
  const step = steps[at]!;
  const go = (index: number) =>
    void navigate({ to: '.', search: { step: steps[Math.min(index, steps.length - 1)]!.id } });
  const buttons = (form.presentation?.['buttonLabels'] ?? {}) as Record<string, string | undefined>;
  const isReview = step.id === 'review';

  return (
    <>
      {header}
      {mayRun.allowed ? null : (
        <p role="status">
          <Status level="warning" label="You may look at this template, but not run it." /> {mayRun.reason}
        </p>
      )}
      <div className={classes.columns} data-review={isReview}>
        <StepList steps={steps} at={at} reachable={firstOpen === -1 ? steps.length - 1 : firstOpen} />
        {isReview ? (
          <Review
            template={template}
            wizard={wizard}
            buttons={buttons}
            seen={seen}
            onSeen={setSeen}
            onBack={() => go(at - 1)}
          />
        ) : (
          <>
            <StepForm
              key={step.id}
              template={template}
              wizard={wizard}
              index={at}
              isSecrets={step.id === 'secrets'}
              isFirst={at === 0}
              isLast={at === steps.length - 2}
              buttons={buttons}
              onBack={() => go(at - 1)}
              onNext={() => go(at + 1)}
            />
            <Preview template={template} wizard={wizard} isReady={firstOpen === -1 && wizard.lacking.length === 0} />
          </>
        )}
      </div>
    </>
  );
}
