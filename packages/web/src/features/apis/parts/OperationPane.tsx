import type { ApiContent, ApiOperation, ApiSection } from '@callboard/model';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { AppLink, Copyable, ErrorState, Prose, SkeletonRows, Status } from '../../../core/ui/index.ts';
import { operationQuery, type Overview } from '../api.ts';
import { CallPanel } from './CallPanel.tsx';
import { CodeBlock, languageOfText } from './CodeBlock.tsx';
import { Facts } from './Facts.tsx';
import classes from './Panes.module.css';
import { FieldList, SchemaView } from './SchemaView.tsx';
import { KnownTypes } from './types.tsx';
import { Verb } from './Verb.tsx';

/** One operation: what it takes, what it answers, how it is called. */
export function OperationPane({ entityRef, id, overview }: { entityRef: string; id: string; overview: Overview }) {
  const { data, error, refetch } = useQuery(operationQuery(entityRef, id));
  const known = useMemo(() => ({ entityRef, types: data?.types ?? {} }), [entityRef, data]);
  if (error && !data)
    return <ErrorState error={error} what="This operation could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={10} label="Loading the operation" />;
  return (
    <KnownTypes value={known}>
      <Loaded key={id} entityRef={entityRef} operation={data.item} overview={overview} />
    </KnownTypes>
  );
}

type LoadedProps = { entityRef: string; operation: ApiOperation; overview: Overview };

function Loaded({ entityRef, operation, overview }: LoadedProps) {
  const { call, sections } = operation;
  const examples = sections.flatMap((section) =>
    (section.contents ?? []).flatMap((content) => content.examples.map((example) => ({ section, content, example }))),
  );
  // The body of the call stands in the call itself.
  const beside = examples.filter(({ section }) => !(call && section.kind === 'request'));
  return (
    <div className={classes.split} data-beside={call !== undefined || beside.length > 0}>
      <div className={classes.prose}>
        <header className={classes.head}>
          <h2 className={classes.title}>{operation.title ?? `${operation.verb} ${operation.name}`}</h2>
          <p className={classes.path}>
            <Verb verb={operation.verb} />
            <Copyable text={operation.name} label="Copy the address">
              <code>{operation.name}</code>
            </Copyable>
            {operation.deprecated ? <Status level="warning" label="Deprecated" /> : null}
          </p>
        </header>
        <Prose text={operation.description} />
        <OperationFacts operation={operation} />
        {sections.map((section, index) => (
          <Section key={index} section={section} />
        ))}
      </div>
      {call || beside.length > 0 ? (
        <div className={classes.beside}>
          {call ? <CallPanel entityRef={entityRef} operation={{ ...operation, call }} overview={overview} /> : null}
          {beside.slice(0, 8).map(({ section, content, example }, index) => (
            <CodeBlock
              key={index}
              title={[section.title, example.name ?? (section.kind === 'request' ? '' : 'example')]
                .filter(Boolean)
                .join(': ')}
              label={`${section.title} ${example.name ?? 'example'}`}
              text={example.text}
              language={content.mediaType === 'application/graphql' ? 'graphql' : languageOfText(example.text)}
            />
          ))}
        </div>
      ) : null}
    </div>
  );
}

function OperationFacts({ operation }: { operation: ApiOperation }) {
  const { facts, security } = operation;
  const needs = security?.map((need) => need.map(({ id, scopes }) => [id, ...scopes].join(' ')).join(' and '));
  const signIn = needs && needs.length > 0 ? needs.map((need) => need || 'nothing').join(', or ') : undefined;
  if (facts.length === 0 && signIn === undefined) return null;
  return (
    <Facts facts={facts}>
      {signIn === undefined ? null : (
        <div>
          <dt>Sign-in</dt>
          <dd>
            <AppLink to="." hash="overview">
              {signIn}
            </AppLink>
          </dd>
        </div>
      )}
    </Facts>
  );
}

const levelOf = (status: string) => {
  if (status.startsWith('2') || status.startsWith('3')) return 'ok' as const;
  if (status.startsWith('4')) return 'warning' as const;
  return status.startsWith('5') ? ('failing' as const) : ('unknown' as const);
};

function Section({ section }: { section: ApiSection }) {
  const { title, status, description, required, fields, contents } = section;
  const shown = contents?.filter(({ schema }) => schema) ?? [];
  if (
    section.kind === 'request' &&
    !fields &&
    shown.length === 0 &&
    contents?.some(({ examples }) => examples.length > 0)
  )
    return null;
  return (
    <section className={classes.section} aria-label={title}>
      <h3 className={classes.sectionTitle}>
        {status ? <Status level={levelOf(status)} label={title} /> : title}
        {required ? <span className={classes.required}>required</span> : null}
      </h3>
      <Prose text={description} small={status !== undefined} />
      {fields ? (
        <>
          {status || section.kind === 'message' ? <p className={classes.small}>Headers</p> : null}
          <FieldList fields={fields} />
        </>
      ) : null}
      {shown.length > 0 ? <Contents contents={shown} /> : null}
    </section>
  );
}

function Contents({ contents }: { contents: ApiContent[] }) {
  const [chosen, setChosen] = useState(0);
  const content = contents[chosen] ?? contents[0]!;
  return (
    <>
      {contents.length > 1 ? (
        <select
          className={classes.select}
          aria-label="Media type"
          value={chosen}
          onChange={(event) => setChosen(Number(event.currentTarget.value))}
        >
          {contents.map(({ mediaType }, index) => (
            <option key={index} value={index}>
              {mediaType}
            </option>
          ))}
        </select>
      ) : content.mediaType ? (
        <p className={classes.small}>
          <code>{content.mediaType}</code>
        </p>
      ) : null}
      {content.schema ? <SchemaView key={chosen} schema={content.schema} /> : null}
    </>
  );
}
