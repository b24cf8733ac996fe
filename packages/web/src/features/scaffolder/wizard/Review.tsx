import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import { MayOrWhy } from '../../../core/session/index.ts';
import { ErrorState, SkeletonRows, toYaml } from '../../../core/ui/index.ts';
import { EntityLink } from '../../catalog/index.ts';
import { startRun, type TemplateKey } from '../api.ts';
import { keep } from '../form/kept.ts';
import { answersOf, type Answer } from '../form/pages.ts';
import type { Wizard } from '../form/use-wizard.ts';
import { Plan, type PlanResult } from '../parts/Plan.tsx';
import { planQuery } from './use-plan.ts';
import classes from './Wizard.module.css';

type ReviewProps = {
  template: TemplateKey;
  wizard: Wizard;
  buttons: Record<string, string | undefined>;
  /** the plan that was looked at before */
  seen: PlanResult | undefined;
  onSeen: (plan: PlanResult) => void;
  onBack: () => void;
};

/** What was answered and what comes of it: nothing has been made yet. */
export function Review({ template, wizard, buttons, seen, onSeen, onBack }: ReviewProps) {
  const navigate = useNavigate();
  const { data: plan, error, refetch, isPlaceholderData } = useQuery(planQuery(template, wizard, true));
  const heading = useRef<HTMLHeadingElement>(null);
  const latest = useRef<PlanResult>(undefined);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    if (!isPlaceholderData) latest.current = plan;
  }, [plan, isPlaceholderData]);
  useEffect(
    () => () => {
      if (latest.current) onSeen(latest.current);
    },
    [onSeen],
  );
  const start = useMutation({
    mutationFn: () => startRun(template, wizard.toSend, wizard.secrets),
    onSuccess({ id }) {
      keep(template, undefined);
      void navigate({ to: '/create/tasks/$taskId', params: { taskId: id } });
    },
  });
  const groups = useMemo(() => answersOf(wizard.pages, wizard.toSend), [wizard.pages, wizard.toSend]);
  const before = seen === plan ? undefined : seen;
  return (
    <div className={classes.review}>
      <h2 ref={heading} tabIndex={-1} className={classes.pageTitle}>
        Review
      </h2>
      <p className={classes.pageDescription}>Nothing has been made yet. This is what would be.</p>
      {start.error ? <ErrorState error={start.error} what="The run could not be started" /> : null}
      <div className={classes.buttons}>
        <Button variant="default" size="sm" onClick={onBack}>
          {buttons['backButtonText'] ?? 'Back'}
        </Button>
        <MayOrWhy permission="scaffolder.task.create">
          <Button size="sm" loading={start.isPending} onClick={() => start.mutate()}>
            {buttons['createButtonText'] ?? 'Create'}
          </Button>
        </MayOrWhy>
      </div>
      <div className={classes.reviewParts}>
        {error && !plan ? (
          <ErrorState error={error} what="What would be made could not be worked out" onRetry={() => void refetch()} />
        ) : plan && !isPlaceholderData ? (
          <Plan plan={plan} before={before} />
        ) : (
          <SkeletonRows rows={8} label="Working out what would be made" />
        )}
        <section aria-labelledby="answers">
          <h2 id="answers">Answers</h2>
          {groups
            .filter(({ answers }) => answers.length > 0)
            .map(({ title, answers }) => (
              <div key={title} className={classes.answers}>
                <h3>{title}</h3>
                <dl>
                  {answers.map((answer) => (
                    <div key={answer.name}>
                      <dt>{answer.title}</dt>
                      <dd>
                        <AnswerValue answer={answer} />
                      </dd>
                    </div>
                  ))}
                </dl>
              </div>
            ))}
        </section>
      </div>
    </div>
  );
}

const isRef = (text: string) => /^[a-z]+:[a-z0-9._-]+\/[a-z0-9._-]+$/i.test(text);

function AnswerValue({ answer: { value } }: { answer: Answer }) {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'string') return isRef(value) ? <EntityLink entityRef={value} /> : value;
  if (typeof value === 'number') return value;
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object'))
    return value.length === 0 ? <span className={classes.dim}>none</span> : value.map(String).join(', ');
  return <pre>{toYaml(value).trimEnd()}</pre>;
}
