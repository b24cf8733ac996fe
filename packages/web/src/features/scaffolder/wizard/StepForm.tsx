import '../form/mantine.css';
import { Button, PasswordInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Prose, Status } from '../../../core/ui/index.ts';
import type { TemplateKey } from '../api.ts';
import { placeOf } from '../form/pages.ts';
import { fieldAt, TemplateForm } from '../form/TemplateForm.tsx';
import type { Wizard } from '../form/use-wizard.ts';
import classes from './Wizard.module.css';

type StepFormProps = {
  template: TemplateKey;
  wizard: Wizard;
  index: number;
  isSecrets: boolean;
  isFirst: boolean;
  isLast: boolean;
  buttons: Record<string, string | undefined>;
  onBack: () => void;
  onNext: () => void;
};

/** Puts the cursor where something is wrong. */
function focusFault(place: string) {
  const holder = document.getElementById(fieldAt(place.split('/')));
  const field = holder?.matches('input, textarea, select, button')
    ? holder
    : (holder?.querySelector<HTMLElement>('input, textarea, select, button') ??
      document.querySelector<HTMLElement>('main [aria-invalid="true"], main [data-error] input'));
  field?.focus();
}

/** One page of the form with its buttons. */
export function StepForm(props: StepFormProps) {
  const { template, wizard, index, isSecrets, isFirst, isLast, buttons, onBack, onNext } = props;
  const page = wizard.pages[index];
  const heading = useRef<HTMLHeadingElement>(null);
  const [wasRefused, setRefused] = useState(false);
  const faults = isSecrets ? wizard.lacking.length : (wizard.faults[index]?.length ?? 0);
  useEffect(() => {
    // A field that the template puts first has the cursor already.
    if (!isFirst && !document.activeElement?.closest('main form')) heading.current?.focus({ preventScroll: true });
  }, [isFirst]);

  const next = () => {
    if (faults === 0) return onNext();
    setRefused(true);
    if (isSecrets) return document.getElementById(`secret-${wizard.lacking[0]!.name}`)?.focus();
    wizard.attempt(page!.title);
    focusFault(placeOf(wizard.faults[index]![0]!.property));
  };
  const title = isSecrets ? 'Secrets' : (page?.title ?? '');
  return (
    <form
      className={classes.form}
      noValidate
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
      <h2 ref={heading} tabIndex={-1} className={classes.pageTitle}>
        {title}
      </h2>
      {isSecrets ? (
        <p className={classes.pageDescription}>
          Values that this run needs and that nobody should read. They are in no log, and forgotten when the run ends.
        </p>
      ) : page?.description ? (
        <div className={classes.pageDescription}>
          <Prose text={page.description} />
        </div>
      ) : null}
      {isSecrets ? (
        <div className={classes.secrets}>
          {wizard.asked.map(({ name, title: label, description, required }) => (
            <PasswordInput
              key={name}
              id={`secret-${name}`}
              label={label}
              description={description}
              required={required}
              autoComplete="off"
              value={wizard.secrets[name] ?? ''}
              error={wasRefused && required && !wizard.secrets[name] ? 'Fill this in.' : undefined}
              visibilityToggleButtonProps={{ 'aria-label': `Show or hide ${label}` }}
              onChange={(event) => wizard.setSecret(name, event.currentTarget.value)}
            />
          ))}
        </div>
      ) : page ? (
        <TemplateForm
          page={page.schema}
          values={wizard.values}
          faults={wizard.toTell(page, index)}
          context={{ template, values: wizard.values, secrets: wizard.secrets, setSecret: wizard.setSecret }}
          onChange={wizard.setValues}
          onLeave={wizard.leave}
        />
      ) : null}
      <div className={classes.buttons}>
        {isFirst ? null : (
          <Button variant="default" size="sm" onClick={onBack}>
            {buttons['backButtonText'] ?? 'Back'}
          </Button>
        )}
        <Button type="submit" size="sm">
          {isLast ? (buttons['reviewButtonText'] ?? 'Review') : 'Next'}
        </Button>
        <span role="status">
          {wasRefused && faults > 0 ? (
            <Status level="failing" label={faults === 1 ? 'One field needs you.' : `${faults} fields need you.`} />
          ) : null}
        </span>
      </div>
    </form>
  );
}
