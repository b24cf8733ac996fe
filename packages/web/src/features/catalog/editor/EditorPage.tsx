import { Button } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useBlocker, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '../../../core/api/index.ts';
import { useMay } from '../../../core/session/index.ts';
import {
  AppLink,
  count,
  EmptyState,
  ErrorState,
  LinkButton,
  PageHeader,
  SkeletonRows,
  Status,
} from '../../../core/ui/index.ts';
import { readRef, safeUrl } from '../entity.ts';
import { EntityLink } from '../parts/EntityLink.tsx';
import { checkQuery, type Descriptor, descriptorQuery, type DescriptorOf, saveDescriptor } from './api.ts';
import { CodeEditor, type EditorHandle } from './CodeEditor.tsx';
import classes from './EditorPage.module.css';
import { LineDiff } from './LineDiff.tsx';
import { Changes, Faults } from './Outcome.tsx';
import { Patch } from './Patch.tsx';
import { readEditorSearch, shortPath } from './search.ts';
import { useCompletion } from './use-completion.ts';

const settleMs = 400;

/** The text as it stood a moment ago, so that not every key asks the portal. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), settleMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Mends a descriptor: every fault at its place while one types, what would change, and saving or a patch. */
export function EditorPage() {
  const { entity, problem, line } = readEditorSearch(useSearch({ strict: false }));
  if (problem !== undefined) return <Opening key={problem} of={{ problem }} line={line} />;
  if (entity !== undefined && readRef(entity, undefined, 'default'))
    return <Opening key={entity} of={{ entity }} line={line} entityRef={entity} />;
  return (
    <>
      <PageHeader title="Edit a descriptor" />
      <EmptyState title="No descriptor is named" action={<LinkButton to="/catalog">Open the catalog</LinkButton>}>
        Open an entity and choose “Edit descriptor”, or “Mend” at a problem.
      </EmptyState>
    </>
  );
}

function Opening({ of, line, entityRef }: { of: DescriptorOf; line: number | undefined; entityRef?: string }) {
  // What is being edited must not change under the hands of whoever edits it.
  const { data, error, refetch } = useQuery({ ...descriptorQuery(of), staleTime: Number.POSITIVE_INFINITY, gcTime: 0 });
  if (error && !data)
    return (
      <>
        <PageHeader title="Edit a descriptor" />
        <ErrorState error={error} what="The descriptor could not be read" onRetry={() => void refetch()} />
      </>
    );
  if (!data)
    return (
      <>
        <PageHeader title="Edit a descriptor" />
        <SkeletonRows rows={16} label="Loading the descriptor" />
      </>
    );
  return <Editor opened={data} of={of} line={line} entityRef={entityRef} />;
}

type EditorProps = { opened: Descriptor; of: DescriptorOf; line: number | undefined; entityRef: string | undefined };

function Editor({ opened, of, line, entityRef }: EditorProps) {
  const client = useQueryClient();
  const editor = useRef<EditorHandle>(null);
  const [base, setBase] = useState(opened);
  const [text, setText] = useState(opened.text);
  const [newest, setNewest] = useState<Descriptor>();
  const settled = useSettled(text);
  const mayCheck = useMay('catalog.entity.validate');
  const checked = useQuery({
    ...checkQuery(opened.document, settled),
    enabled: mayCheck.allowed,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const isDirty = text !== base.text;
  const problems = checked.data?.problems ?? opened.problems;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const isChecking = settled !== text || checked.isFetching;
  const save = useMutation({
    mutationFn: () => saveDescriptor({ document: base.document, text, hash: base.hash, withErrors: errors > 0 }),
    onSuccess({ hash }) {
      setBase({ ...base, text, hash });
      setNewest(undefined);
      void client.invalidateQueries({ queryKey: ['catalog'] });
    },
    async onError(error) {
      if (error instanceof ApiError && error.code === 'CATALOG_DESCRIPTOR_CHANGED')
        setNewest(await client.fetchQuery({ ...descriptorQuery(of), staleTime: 0 }));
    },
  });
  const owner = entityRef ?? opened.documents.find((each) => each.entityRef !== undefined)?.entityRef;
  const mayUpdate = useMay('catalog.descriptor.update', owner);
  const isWritable = base.writable && mayUpdate.allowed;
  const canSave = isWritable && isDirty && !isChecking && !save.isPending && newest === undefined;
  useBlocker({
    shouldBlockFn: () => isDirty && !window.confirm('Leave without saving? What you have written is lost.'),
    enableBeforeUnload: isDirty,
  });
  const ready = useCallback(
    (handle: EditorHandle) => {
      editor.current = handle;
      const place = line ?? opened.documents.find((each) => each.entityRef === entityRef)?.line;
      if (place !== undefined) handle.goTo(place);
    },
    [line, opened, entityRef],
  );
  const complete = useCompletion();
  const path = shortPath(base.location);
  return (
    <>
      <PageHeader
        title="Edit descriptor"
        facts={<EditState isDirty={isDirty} isSaved={save.isSuccess} isWritable={isWritable} />}
        description={
          <>
            <code className={classes.path}>{base.location.replace(/^(file|url|git):/, '')}</code>
            {entityRef ? (
              <span className={classes.entity}>
                <EntityLink entityRef={entityRef} />
              </span>
            ) : null}
          </>
        }
        actions={
          <>
            {isDirty ? (
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  editor.current?.replace(base.text);
                  setNewest(undefined);
                  save.reset();
                }}
              >
                Undo all
              </Button>
            ) : null}
            {isWritable ? (
              <Button size="xs" disabled={!canSave} loading={save.isPending} onClick={() => save.mutate()}>
                {errors > 0 && isDirty ? `Save with ${count(errors, 'error')}` : 'Save'}
              </Button>
            ) : null}
          </>
        }
      />
      {newest ? (
        <Conflict
          mine={text}
          newest={newest}
          onTheirs={() => {
            setBase(newest);
            setNewest(undefined);
            save.reset();
            editor.current?.replace(newest.text);
          }}
          onMine={() => {
            setBase(newest);
            setNewest(undefined);
            save.reset();
          }}
        />
      ) : save.error ? (
        <ErrorState error={save.error} what="Not saved" />
      ) : null}
      <div className={classes.columns}>
        <div className={classes.editor}>
          <CodeEditor
            initial={opened.text}
            readOnly={false}
            problems={problems}
            complete={complete}
            onChange={(value) => {
              setText(value);
              if (save.isSuccess) save.reset();
            }}
            onSave={() => {
              if (canSave) save.mutate();
            }}
            onReady={ready}
          />
        </div>
        <div className={classes.side}>
          {isWritable ? null : (
            <section className={classes.panel} aria-label="Patch">
              <h2>Take the change as a patch</h2>
              <p className={classes.dim}>
                {base.writable
                  ? `You may not save it here. ${mayUpdate.reason} `
                  : `The portal cannot write this file: ${base.reason}. `}
                Write the change here, where it is checked, and apply it where the file is kept.
              </p>
              <Patch path={path} before={base.text} after={text} />
              {safeUrl(base.editUrl) ? (
                <p>
                  <a href={safeUrl(base.editUrl)}>Edit it on its code host</a>
                </p>
              ) : null}
            </section>
          )}
          <section className={classes.panel} aria-label="Faults">
            <h2>
              Faults <span className={classes.dim}>{isChecking ? 'checking…' : null}</span>
            </h2>
            {!mayCheck.allowed ? (
              <p className={classes.dim}>The text is not checked. {mayCheck.reason}</p>
            ) : checked.error ? (
              <ErrorState
                error={checked.error}
                what="The text could not be checked"
                onRetry={() => void checked.refetch()}
              />
            ) : (
              <Faults problems={problems} onGo={(at, column) => editor.current?.goTo(at, column)} />
            )}
          </section>
          <section className={classes.panel} aria-label="What would change">
            <h2>{isDirty ? 'What would change' : 'What differs from the catalog'}</h2>
            {checked.data ? (
              <Changes checked={checked.data} />
            ) : !mayCheck.allowed ? null : (
              <SkeletonRows rows={3} label="Checking the text" />
            )}
          </section>
          <p className={classes.dim}>
            Ctrl Space proposes what may stand here, Ctrl S saves, F8 goes to the next fault, Escape and Tab leave the
            text. <AppLink to="/problems">All problems</AppLink>
          </p>
        </div>
      </div>
    </>
  );
}

function EditState({ isDirty, isSaved, isWritable }: { isDirty: boolean; isSaved: boolean; isWritable: boolean }) {
  return (
    <span role="status">
      {isSaved && !isDirty ? (
        <Status level="ok" label="Saved. The catalog takes it in now." />
      ) : isDirty ? (
        <Status level="unknown" label={isWritable ? 'Not saved yet' : 'Changed here only'} />
      ) : null}
    </span>
  );
}

type ConflictProps = { mine: string; newest: Descriptor; onTheirs(): void; onMine(): void };

/** The file changed while it was edited: both versions, and who wins is for a person to say. */
function Conflict({ mine, newest, onTheirs, onMine }: ConflictProps) {
  return (
    <section className={classes.conflict} role="alert" aria-label="Conflict">
      <Status level="failing" label="Not saved: the file has changed since you opened it" />
      <p className={classes.dim}>From the file as it is now (−) to your text (+):</p>
      <LineDiff before={newest.text} after={mine} label="The file as it is now compared with your text" />
      <div className={classes.answer}>
        <Button size="xs" variant="default" onClick={onMine}>
          Keep my text, then save over it
        </Button>
        <Button size="xs" variant="default" onClick={onTheirs}>
          Take the file as it is now
        </Button>
      </div>
    </section>
  );
}
