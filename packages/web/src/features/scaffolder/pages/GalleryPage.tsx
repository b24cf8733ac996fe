import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { TemplateSummary } from '@callboard/model/http';
import { useMemo } from 'react';
import { May, usePrincipal, useStarred } from '../../../core/session/index.ts';
import {
  AppLink,
  count,
  EmptyState,
  ErrorState,
  LinkButton,
  PageHeader,
  SkeletonRows,
} from '../../../core/ui/index.ts';
import { RegisterLink } from '../../catalog/index.ts';
import { readGallery, writeGallery, type Gallery } from '../address.ts';
import { templatesQuery } from '../api.ts';
import { chooseTemplates, groupsOf, valuesOf } from '../gallery/choose.ts';
import { TemplateRow } from '../gallery/TemplateRow.tsx';
import classes from '../gallery/Gallery.module.css';

const showWords = { all: 'All', owned: 'My teams’', starred: 'Starred', used: 'Used before' } as const;

/** Every template: what it makes, whose it is, how often it was used and what it saves. */
export function GalleryPage() {
  const { data, error, refetch } = useQuery(templatesQuery);
  return (
    <>
      <PageHeader
        title="Create"
        description="Templates that make something right from the start, or change what is there."
        actions={
          <>
            <May permission="scaffolder.task.read">
              <LinkButton to="/create/tasks" variant="default">
                Runs
              </LinkButton>
            </May>
            <LinkButton to="/create/actions" variant="default">
              Reference
            </LinkButton>
            <May permission="scaffolder.template.management">
              <LinkButton to="/create/edit" variant="default" leftSection={<IconPencil size="0.875rem" />}>
                Template editor
              </LinkButton>
            </May>
          </>
        }
      />
      {error && !data ? (
        <ErrorState error={error} what="The templates could not be read" onRetry={() => void refetch()} />
      ) : data ? (
        <Templates templates={data} />
      ) : (
        <SkeletonRows rows={8} label="Loading the templates" />
      )}
    </>
  );
}

function Templates({ templates }: { templates: TemplateSummary[] }) {
  const listing = readGallery(useSearch({ strict: false }));
  const navigate = useNavigate();
  const { data: me } = usePrincipal();
  const { refs: starred } = useStarred();
  const owned = useMemo(
    () => new Set(me ? [me.entityRef, ...(me.groups ?? []).map(({ entityRef }) => entityRef)] : []),
    [me],
  );
  const change = (next: Partial<Gallery>, replace = false) =>
    void navigate({ to: '.', search: writeGallery({ ...listing, ...next }), replace, resetScroll: false });
  const found = chooseTemplates(templates, listing, { owned, starred: new Set(starred) });
  const groups = groupsOf(found);
  if (templates.length === 0)
    return (
      <EmptyState
        title="There are no templates yet"
        action={
          <>
            <May permission="scaffolder.template.management">
              <LinkButton to="/create/edit">Write the first one</LinkButton>
            </May>
            <RegisterLink variant="default" />
          </>
        }
      >
        A template is a file of kind Template beside a folder with a skeleton. Those of Backstage work as they are:
        register the repository that has them.
      </EmptyState>
    );
  const types = valuesOf(templates.map(({ type }) => ({ value: type, label: type })));
  const owners = valuesOf(
    templates.flatMap(({ owner, ownerLabel }) => (owner ? [{ value: owner, label: ownerLabel ?? owner }] : [])),
  );
  const tags = valuesOf(templates.flatMap(({ tags: all }) => all.map((tag) => ({ value: tag, label: tag }))));
  return (
    <>
      <div className={classes.toolbar} role="search">
        <div role="group" aria-label="Show" className={classes.shows}>
          {Object.entries(showWords).map(([show, word]) => (
            <AppLink
              key={show}
              to="."
              search={writeGallery({ ...listing, show: show as Gallery['show'] })}
              current={listing.show === show ? 'true' : undefined}
              resetScroll={false}
            >
              {word}
            </AppLink>
          ))}
        </div>
        <input
          type="search"
          className={classes.search}
          placeholder="Filter templates"
          aria-label="Filter templates"
          value={listing.text}
          onChange={(event) => change({ text: event.currentTarget.value }, true)}
        />
        <select
          aria-label="Category"
          value={listing.type}
          onChange={(event) => change({ type: event.currentTarget.value })}
        >
          <option value="">All categories</option>
          {types.map(({ value, label, count: figure }) => (
            <option key={value} value={value}>{`${label} (${figure})`}</option>
          ))}
        </select>
        <select
          aria-label="Owner"
          value={listing.owner}
          onChange={(event) => change({ owner: event.currentTarget.value })}
        >
          <option value="">All owners</option>
          {owners.map(({ value, label, count: figure }) => (
            <option key={value} value={value}>{`${label} (${figure})`}</option>
          ))}
        </select>
        <select
          aria-label="Tag"
          value={listing.tags[0] ?? ''}
          onChange={(event) => change({ tags: event.currentTarget.value ? [event.currentTarget.value] : [] })}
        >
          <option value="">All tags</option>
          {tags.map(({ value, label, count: figure }) => (
            <option key={value} value={value}>{`${label} (${figure})`}</option>
          ))}
        </select>
        <span role="status" className={classes.figure}>
          {count(found.length, 'template')}
        </span>
      </div>
      {found.length === 0 ? (
        <EmptyState
          title="No template fits"
          action={
            <LinkButton to="/create" variant="default">
              Show all {templates.length}
            </LinkButton>
          }
        >
          {listing.show === 'starred'
            ? 'Star a template and it stands here.'
            : listing.show === 'owned'
              ? 'None of your teams owns a template that fits.'
              : 'Another word or fewer filters may find more.'}
        </EmptyState>
      ) : (
        groups.map(({ title, items }) => (
          <section key={title} aria-label={title} className={classes.group}>
            <h2>
              {title} <span>{items.length}</span>
            </h2>
            <ul>
              {items.map((template) => (
                <TemplateRow key={template.ref} template={template} listing={listing} />
              ))}
            </ul>
          </section>
        ))
      )}
    </>
  );
}
