import type { Entity } from '@callboard/model';
import { Copyable } from '../../../core/ui/index.ts';
import { Section } from '../../catalog/index.ts';
import { remotesOf } from '../remotes.ts';
import classes from './Panes.module.css';
import { CodeBlock } from './CodeBlock.tsx';
import { People } from './OverviewPane.tsx';

/** Where a server for assistants answers, and what a client has to be told. */
export function Remotes({ entity }: { entity: Entity }) {
  const remotes = remotesOf(entity);
  const settings = {
    mcpServers: Object.fromEntries(
      remotes.map(({ type, url }, index) => [
        index === 0 ? entity.metadata.name : `${entity.metadata.name}-${type}`,
        { type: type === 'streamable-http' ? 'http' : type, url },
      ]),
    ),
  };
  return (
    <div className={classes.split} data-beside="true">
      <div className={classes.overview}>
        <Section title="Remotes">
          <ul className={classes.list}>
            {remotes.map(({ type, url }) => (
              <li key={`${type} ${url}`}>
                <Copyable text={url} label={`Copy ${url}`} />
                <span className={classes.small}>{type}</span>
              </li>
            ))}
          </ul>
        </Section>
        <Section title="Provided by">
          <People entity={entity} relation="apiProvidedBy" none="No component says that it provides this API." />
        </Section>
        <Section title="Consumed by">
          <People entity={entity} relation="apiConsumedBy" none="No component says that it uses this API." />
        </Section>
      </div>
      <CodeBlock
        title="Settings of a client"
        label="Settings of a client"
        text={JSON.stringify(settings, null, 2)}
        language="json"
      />
    </div>
  );
}
