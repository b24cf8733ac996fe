import { IconBookmark, IconColumns, IconDownload, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { count, ErrorState, FilterFold, PageHeader, SkeletonRows, StaleNote } from '../../../core/ui/index.ts';
import { facetsQuery, listQuery } from '../api.ts';
import { chosenColumns, columnsFor, pathsOf, type Column } from '../columns.tsx';
import { facets, isNarrowed, readFilters, type CatalogFilters } from '../filters.ts';
import { useKinds, useKindsReady } from '../kinds.ts';
import { useGroups, within } from '../list/groups.ts';
import { Popup } from '../list/Popup.tsx';
import { useRestriction } from '../list/restriction.ts';
import { useAddedColumns } from '../list/use-added-columns.ts';
import { RegisterLink } from '../parts/RegisterLink.tsx';
import { Toolbar } from '../list/Toolbar.tsx';
import { CatalogTable, type TablePart } from '../parts/CatalogTable.tsx';
import { ChosenFilters } from '../parts/ChosenFilters.tsx';
import { Facets } from '../parts/Facets.tsx';
import { toPredicate, type Question } from '../queries.ts';
import classes from './CatalogPage.module.css';

const views = () => import('../list/ViewsPanel.tsx');
const columnsPanel = () => import('../list/ColumnsPanel.tsx');
const exportPanel = () => import('../list/ExportPanel.tsx');
const ViewsPanel = lazy(async () => ({ default: (await views()).ViewsPanel }));
const ColumnsPanel = lazy(async () => ({ default: (await columnsPanel()).ColumnsPanel }));
const ExportPanel = lazy(async () => ({ default: (await exportPanel()).ExportPanel }));
const NothingFound = lazy(async () => ({ default: (await import('../list/NothingFound.tsx')).NothingFound }));
const SelectionBar = lazy(async () => ({ default: (await import('../list/SelectionBar.tsx')).SelectionBar }));

const noneWords = { owner: 'Without an owner', system: 'In no system', domain: 'In no domain' };
const noRefs: ReadonlySet<string> = new Set();

/** The list of everything, narrowed by what the URL says. */
export const CatalogPage = () => <EntityList title="Catalog" />;

type EntityListProps = {
  title: string;
  /** The page is about this kind only. */
  fixedKind?: string;
  /** Changes the columns of the kind; it must be the same function at each drawing. */
  columnsOf?: (columns: Column[]) => Column[];
};

/** The filters of the address; where it says nothing of a kind, components are what people come for. */
function useFilters(fixedKind: string | undefined): CatalogFilters {
  const search = useSearch({ strict: false });
  const kinds = useKinds();
  const usual = kinds.find('component')?.count === 0 ? '' : 'component';
  return useMemo(() => {
    const read = readFilters(search);
    return { ...read, kind: fixedKind ?? read.kind ?? usual };
  }, [search, fixedKind, usual]);
}

/** Rows that were chosen, as long as the question is the same. */
function useChosen(question: Question) {
  const key = JSON.stringify([toPredicate(question), question.text]);
  const [chosen, setChosen] = useState({ key, refs: noRefs });
  const refs = chosen.key === key ? chosen.refs : noRefs;
  return useMemo(() => ({ refs, set: (next: ReadonlySet<string>) => setChosen({ key, refs: next }) }), [key, refs]);
}

const same = (columns: Column[]) => columns;

/** What a list shows: until the answer to a new question comes, its rows are those of the one before. */
function useAnswered<T>(asked: T, isAnswered: boolean): T {
  const [answered, setAnswered] = useState(asked);
  if (!isAnswered || answered === asked) return answered;
  setAnswered(asked);
  return asked;
}

/** A list of entities with its filters; other features have lists of their kinds. */
export function EntityList({ title, fixedKind, columnsOf = same }: EntityListProps) {
  const filters = useFilters(fixedKind);
  const kinds = useKinds();
  const definition = filters.kind ? kinds.find(filters.kind) : undefined;
  const defaults = useMemo(() => columnsOf(columnsFor(definition)), [definition, columnsOf]);
  const added = useAddedColumns(filters.kind ?? '');
  const columns = useMemo(
    () => (filters.columns.length > 0 ? chosenColumns(filters.columns, defaults, added.all) : defaults),
    [filters.columns, defaults, added.all],
  );
  const fields = useMemo(() => pathsOf(columns), [columns]);
  const { ready, none, restriction } = useRestriction(filters.show);
  const question = useMemo((): Question => ({ ...filters, restriction }), [filters, restriction]);
  const isKnown = useKindsReady();
  // The columns say what to ask for, and the kind says what they are.
  const asks = ready && !none && isKnown;
  const first = useQuery({ ...listQuery(question, 0, fields), enabled: asks, placeholderData: (before) => before });
  const counts = useQuery({ ...facetsQuery(question), enabled: asks });
  const asked = useMemo(() => ({ question, columns, fields }), [question, columns, fields]);
  const shown = useAnswered(asked, !first.isPlaceholderData);
  const total = none ? 0 : first.data?.totalItems;
  const grouped = useGroups(shown.question, total ?? 0);
  const chosen = useChosen(shown.question);
  const parts = useMemo(
    (): TablePart[] =>
      shown.question.group === ''
        ? [{ key: '', count: total ?? 0, question: shown.question }]
        : (grouped.groups ?? []).map((group) => ({ ...group, question: within(shown.question, group) })),
    [shown.question, total, grouped.groups],
  );
  const heading = filters.kind && !fixedKind ? kinds.pluralOf(filters.kind) : title;
  const name = filters.kind ? kinds.pluralOf(filters.kind).toLowerCase().replaceAll(' ', '-') : 'catalog';
  const narrowing = facets.reduce((sum, { id }) => sum + filters.chosen[id].length, 0);
  // The rows come first: nobody reads the figures before them.
  const isDrawn = useDeferredValue(true, false);
  const choiceFilters = useDeferredValue(filters);
  const choiceCounts = useDeferredValue(counts.data);
  const choices = isDrawn ? <Facets filters={choiceFilters} counts={choiceCounts} /> : null;
  const error = first.error ?? grouped.error;

  return (
    <>
      <PageHeader
        title={heading}
        facts={
          <span role="status">
            {total === undefined
              ? null
              : count(total, isNarrowed(filters) ? 'result' : 'entity', isNarrowed(filters) ? 'results' : 'entities')}
          </span>
        }
        description={
          definition?.description ??
          (fixedKind ? undefined : 'Everything the portal knows: software, APIs, teams and people.')
        }
        actions={
          <>
            <Popup label="Views" icon={<IconBookmark size="0.875rem" />} preload={views}>
              <ViewsPanel />
            </Popup>
            <Popup label="Columns" icon={<IconColumns size="0.875rem" />} preload={columnsPanel}>
              <ColumnsPanel filters={filters} columns={columns} defaults={defaults} added={added.offered} />
            </Popup>
            <Popup label="Export" icon={<IconDownload size="0.875rem" />} preload={exportPanel}>
              <ExportPanel question={question} columns={columns} total={total ?? 0} name={name} />
            </Popup>
            <RegisterLink leftSection={<IconPlus size="0.875rem" />} />
          </>
        }
      />
      <Toolbar filters={filters} kinds={counts.data?.['kind']} fixedKind={fixedKind !== undefined} />
      <div className={classes.layout}>
        <aside className={classes.facets} aria-label="Filters">
          <FilterFold limitRem={60} chosen={narrowing}>
            {choices}
          </FilterFold>
        </aside>
        <section className={classes.list} aria-label={heading} aria-busy={first.isPlaceholderData}>
          <ChosenFilters filters={filters} />
          {error && first.data ? <StaleNote error={error} onRetry={() => void first.refetch()} /> : null}
          {error && !first.data ? (
            <ErrorState error={error} what="The list could not be read" onRetry={() => void first.refetch()} />
          ) : total === undefined || (shown.question.group !== '' && !grouped.groups && total > 0) ? (
            <SkeletonRows rows={16} label="Loading the list" />
          ) : total === 0 ? (
            <Suspense>
              <NothingFound filters={filters} />
            </Suspense>
          ) : (
            <CatalogTable
              filters={filters}
              parts={parts}
              none={shown.question.group === '' ? undefined : noneWords[shown.question.group]}
              columns={shown.columns}
              fields={shown.fields}
              label={heading}
              chosen={chosen}
            />
          )}
          {chosen.refs.size > 0 ? (
            <Suspense>
              <SelectionBar
                refs={chosen.refs}
                choose={chosen.set}
                question={shown.question}
                columns={shown.columns}
                total={total ?? 0}
                name={name}
              />
            </Suspense>
          ) : null}
        </section>
      </div>
    </>
  );
}
