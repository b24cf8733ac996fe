import type { Entity } from '@callboard/model';
import { Copyable } from '../../../core/ui/index.ts';
import { Section, textAt } from '../../catalog/index.ts';
import classes from './DefinitionTab.module.css';

/** An API's definition as it was written. */
export function DefinitionTab({ entity }: { entity: Entity }) {
  const definition = textAt(entity, 'spec.definition') ?? '';
  return (
    <Section
      title="Definition"
      aside={
        <Copyable text={definition} label="Copy the definition">
          <span>{textAt(entity, 'spec.type')}</span>
        </Copyable>
      }
    >
      {/* A region that scrolls must be reachable by the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={classes.yaml} tabIndex={0} aria-label="Definition">
        <code>
          {definition
            .trimEnd()
            .split('\n')
            .map((line, index) => (
              <span key={index} className={classes.line}>
                {line}
                {'\n'}
              </span>
            ))}
        </code>
      </pre>
    </Section>
  );
}
