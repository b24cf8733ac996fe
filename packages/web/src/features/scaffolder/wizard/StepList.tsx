import { IconCheck } from '@tabler/icons-react';
import { AppLink, Spoken } from '../../../core/ui/index.ts';
import classes from './Wizard.module.css';

export type WizardStep = { id: string; title: string; missing: number };

/** The pages of the wizard, with what they still lack; those that can be gone to are links. */
export function StepList({ steps, at, reachable }: { steps: WizardStep[]; at: number; reachable: number }) {
  return (
    <nav aria-label="Steps" className={classes.steps}>
      <ol>
        {steps.map(({ id, title, missing }, index) => {
          const isDone = missing === 0 && (index < at || index < reachable) && id !== 'review';
          const mark = (
            <>
              <span className={classes.mark} aria-hidden="true">
                {isDone && index !== at ? <IconCheck size="0.75rem" /> : index + 1}
              </span>
              <span className={classes.stepTitle}>{title}</span>
              {isDone ? <Spoken>done</Spoken> : null}
              {missing > 0 && index <= reachable ? <small>{missing} missing</small> : null}
            </>
          );
          return (
            <li key={`${id} ${title}`} data-current={index === at} data-done={isDone}>
              {index <= reachable || index <= at ? (
                <AppLink to="." search={{ step: id }} current={index === at ? 'true' : undefined}>
                  {mark}
                </AppLink>
              ) : (
                <span>{mark}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
