import type { ApiFact } from '@callboard/model';
import type { ReactNode } from 'react';
import classes from './Panes.module.css';

/** What is known by name; `children` are rows before. */
export function Facts({ facts, children }: { facts: ApiFact[]; children?: ReactNode }) {
  return (
    <dl className={classes.facts}>
      {children}
      {facts.map(({ name, value, href }, index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>
            {href ? (
              <a href={href} rel="noreferrer">
                {value}
              </a>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
