import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ActionDescription, ListTemplatingExtensionsResponse } from '@callboard/model/http';
import {
  AppLink,
  Copyable,
  EmptyState,
  ErrorState,
  PageHeader,
  Prose,
  SkeletonRows,
  Status,
} from '../../../core/ui/index.ts';
import { actionsQuery, extensionsQuery } from '../api.ts';
import gallery from '../gallery/Gallery.module.css';
import classes from '../reference/Reference.module.css';
import { SchemaTable } from '../reference/SchemaTable.tsx';

type Asked = { q?: string; view?: string };

/** Everything a step can use: actions with their inputs, and the words of the template language. */
export function ReferencePage() {
  const { q = '', view = '' }: Asked = useSearch({ strict: false });
  const navigate = useNavigate();
  const isLanguage = view === 'language';
  return (
    <>
      <PageHeader
        title="Reference"
        description="What the steps of a template can use in this portal, with what plugins bring."
      />
      <div className={gallery.toolbar} role="search">
        <div role="group" aria-label="Show" className={gallery.shows}>
          <AppLink to="." search={{ q }} current={isLanguage ? undefined : 'true'}>
            Actions
          </AppLink>
          <AppLink to="." search={{ q, view: 'language' }} current={isLanguage ? 'true' : undefined}>
            Filters and functions
          </AppLink>
        </div>
        <input
          type="search"
          className={gallery.search}
          aria-label="Filter the reference"
          placeholder="Filter the reference"
          value={q}
          onChange={(event) =>
            void navigate({
              to: '.',
              search: {
                ...(event.currentTarget.value && { q: event.currentTarget.value }),
                ...(view && { view }),
              },
              replace: true,
              resetScroll: false,
            })
          }
        />
      </div>
      {isLanguage ? <Language text={q} /> : <Actions text={q} />}
    </>
  );
}

const fits = (text: string, ...said: (string | undefined)[]) =>
  text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.join(' ').toLowerCase().includes(word));

function Nothing({ text }: { text: string }) {
  return (
    <EmptyState title={`Nothing has “${text}” in it`}>Try a part of the name, such as fetch or publish.</EmptyState>
  );
}

function Actions({ text }: { text: string }) {
  const { data, error, refetch } = useQuery(actionsQuery);
  if (error && !data)
    return <ErrorState error={error} what="The actions could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={10} label="Loading the actions" />;
  const found = data
    .filter(({ id, description }) => fits(text, id, description))
    .toSorted((a, b) => a.id.localeCompare(b.id));
  if (found.length === 0) return <Nothing text={text} />;
  return (
    <div className={classes.columns}>
      <nav aria-label="Actions" className={classes.contents}>
        <ul>
          {found.map(({ id }) => (
            <li key={id}>
              <a href={`#${encodeURIComponent(id)}`}>{id}</a>
            </li>
          ))}
        </ul>
      </nav>
      <div className={classes.items}>
        {found.map((action) => (
          <Action key={action.id} action={action} />
        ))}
      </div>
    </div>
  );
}

function Example({ description, example }: { description?: string | undefined; example: string }) {
  return (
    <figure className={classes.example}>
      <figcaption>
        {description ?? 'Example'}
        <Copyable text={example} label="Copy the example">
          <span />
        </Copyable>
      </figcaption>
      {/* A region that scrolls must be reachable by the keyboard. */}
      <pre tabIndex={0} role="region" aria-label={description ?? 'Example'}>
        <code>{example.trimEnd()}</code>
      </pre>
    </figure>
  );
}

function Action({ action: { id, description, schema, examples = [], supportsDryRun } }: { action: ActionDescription }) {
  return (
    <article id={id} className={classes.item}>
      <div className={classes.head}>
        <h2>
          <code>{id}</code>
        </h2>
        <Copyable text={id} label={`Copy ${id}`}>
          <span />
        </Copyable>
      </div>
      {description ? <Prose text={description} /> : null}
      {supportsDryRun === false ? (
        <p>
          <Status level="unknown" label="In a dry run it only says what it would do." />
        </p>
      ) : null}
      {schema?.input ? <SchemaTable label="Input" schema={schema.input} /> : null}
      {schema?.output ? <SchemaTable label="Output" schema={schema.output} /> : null}
      {examples.map((each, index) => (
        <Example key={index} {...each} />
      ))}
    </article>
  );
}

type Word = {
  name: string;
  kind: string;
  description?: string | undefined;
  examples: { description?: string | undefined; example: string }[];
};

function wordsOf({ filters, globals }: ListTemplatingExtensionsResponse): Word[] {
  const read = (kind: string, found: typeof filters): Word[] =>
    Object.entries(found).map(([name, { description, examples = [] }]) => ({ name, kind, description, examples }));
  return [
    ...read('filter', filters),
    ...read('function', globals.functions),
    ...Object.entries(globals.values).map(([name, { description }]) => ({
      name,
      kind: 'value',
      description,
      examples: [],
    })),
  ].toSorted((a, b) => a.name.localeCompare(b.name));
}

function Language({ text }: { text: string }) {
  const { data, error, refetch } = useQuery(extensionsQuery);
  if (error && !data)
    return <ErrorState error={error} what="The reference could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={10} label="Loading the reference" />;
  const found = wordsOf(data).filter(({ name, description, kind }) => fits(text, name, kind, description));
  if (found.length === 0) return <Nothing text={text} />;
  return (
    <dl className={classes.words}>
      {found.map(({ name, kind, description, examples }) => (
        <div key={`${kind} ${name}`}>
          <dt>
            <code>{name}</code> <span className={classes.dim}>{kind}</span>
          </dt>
          <dd>
            {description}
            {examples.map((each, index) => (
              <Example key={index} {...each} />
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
