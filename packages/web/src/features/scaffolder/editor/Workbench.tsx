import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useBlocker, useNavigate, useSearch } from '@tanstack/react-router';
import type { Problem } from '@callboard/model';
import { Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { AppLink, PageHeader, SkeletonRows, Status, count } from '../../../core/ui/index.ts';
import { CodeEditor, type EditorHandle } from '../../catalog/index.ts';
import { previewQuery } from '../api.ts';
import { FileTree } from '../parts/FileTree.tsx';
import {
  changesOf,
  faultOfPath,
  includesOf,
  isOtherTemplate,
  withoutFile,
  withSaved,
  withText,
  type Draft,
} from './draft.ts';
import { Keep } from './Keep.tsx';
import { Trial } from './Trial.tsx';
import classes from './Editor.module.css';

type WorkbenchProps = {
  initial: Draft;
  /** the template in the catalog that it is */
  entityRef?: string;
  isComplete?: boolean;
  onClose?: () => void;
};

const settleFor = 400;
const nothingToPropose = () => Promise.resolve(undefined);

/** The files of a template with an editor, and beside it what becomes of them. */
export function Workbench({ initial, entityRef, isComplete = true, onClose }: WorkbenchProps) {
  const [draft, setDraft] = useState(initial);
  const { file: wanted, template }: { file?: string; template?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const path = wanted !== undefined && draft.files.has(wanted) ? wanted : draft.main;
  const open = (file: string) =>
    void navigate({
      to: '.',
      search: { ...(template && { template }), ...(file !== draft.main && { file }) },
    });
  const file = draft.files.get(path)!;
  const changes = useMemo(() => changesOf(draft), [draft]);
  const isDirty = changes.length > 0;
  useBlocker({
    // Going from file to file stays on the page.
    shouldBlockFn: ({ current, next }) =>
      isDirty &&
      current.pathname !== next.pathname &&
      !window.confirm('Leave the editor? What you have written is lost unless you saved or downloaded it.'),
    enableBeforeUnload: isDirty,
  });
  const editor = useRef<EditorHandle>(null);
  const [asked] = useDebouncedValue(draft, settleFor);
  const includes = useMemo(() => includesOf(asked), [asked]);
  const preview = useQuery(previewQuery(asked.files.get(asked.main)?.text ?? '', asked.main, includes, {}));
  const problems = useMemo(
    () => (path === draft.main ? (preview.data?.problems ?? []) : []) as Problem[],
    [path, draft.main, preview.data],
  );
  const marks = useMemo(
    () => new Map(changes.flatMap(({ path: at, kind }) => (kind === 'removed' ? [] : [[at, kind] as const]))),
    [changes],
  );
  const paths = useMemo(() => [...draft.files.keys()], [draft.files]);
  const saved = useCallback((at: string) => setDraft((before) => withSaved(before, at)), []);
  return (
    <>
      <PageHeader
        title="Template editor"
        facts={
          <span role="status">
            {isDirty ? <Status level="unknown" label={`${count(changes.length, 'file')} changed here only`} /> : null}
          </span>
        }
        description={
          <p className={classes.dim}>
            {entityRef ? (
              <AppLink to={`/catalog/${entityRef.replace(/^template:(.+)\/(.+)$/, '$1/template/$2')}`}>
                {entityRef}
              </AppLink>
            ) : (
              'A template of your own'
            )}
            {isComplete ? null : ' · The folder is too large to be shown whole.'}
          </p>
        }
        actions={
          onClose ? (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                if (!isDirty || window.confirm('Close this template? What you have written is lost.')) onClose();
              }}
            >
              Close
            </Button>
          ) : (
            <AppLink to="/create/edit">Other templates</AppLink>
          )
        }
      />
      <div className={classes.columns}>
        <div className={classes.side}>
          <FileTree paths={paths} current={path} marks={marks} onOpen={open} label="Files of the template" />
          <NewFile
            draft={draft}
            onAdd={(at) => {
              setDraft((before) => withText(before, at, ''));
              open(at);
            }}
          />
        </div>
        <div className={classes.middle}>
          <div className={classes.fileHead}>
            <code>{path}</code>
            {entityRef === undefined && isOtherTemplate(draft, path) ? (
              <button type="button" onClick={() => setDraft((before) => ({ ...before, main: path }))}>
                Try this template
              </button>
            ) : null}
            {path === draft.main ? null : (
              <button
                type="button"
                onClick={() => {
                  setDraft((before) => withoutFile(before, path));
                  open(draft.main);
                }}
              >
                Remove
              </button>
            )}
          </div>
          <div className={classes.editor}>
            {file.text === undefined ? (
              <p className={classes.dim}>This file is not a text. It is kept as it is.</p>
            ) : (
              <Suspense fallback={<SkeletonRows rows={12} label="Loading the editor" />}>
                <CodeEditor
                  key={path}
                  label={`Text of ${path}`}
                  isYaml={/\.(ya?ml|json)$/.test(path)}
                  initial={file.text}
                  readOnly={false}
                  problems={problems}
                  complete={nothingToPropose}
                  onChange={(text) => setDraft((before) => withText(before, path, text))}
                  onSave={() => undefined}
                  onReady={(handle) => {
                    editor.current = handle;
                  }}
                />
              </Suspense>
            )}
          </div>
          <Keep draft={draft} changes={changes} entityRef={entityRef} onSaved={saved} />
        </div>
        <Trial
          draft={asked}
          preview={preview}
          entityRef={entityRef}
          onGo={(line, column) => {
            if (path === draft.main) editor.current?.goTo(line, column);
            else open(draft.main);
          }}
        />
      </div>
    </>
  );
}

function NewFile({ draft, onAdd }: { draft: Draft; onAdd: (path: string) => void }) {
  const [path, setPath] = useState('');
  const [fault, setFault] = useState<string>();
  return (
    <form
      className={classes.newFile}
      onSubmit={(event) => {
        event.preventDefault();
        const wrong = faultOfPath(draft, path.trim());
        setFault(wrong);
        if (wrong !== undefined) return;
        onAdd(path.trim());
        setPath('');
      }}
    >
      <TextInput
        size="xs"
        aria-label="Path of a new file"
        placeholder="skeleton/new-file.md"
        value={path}
        error={fault}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      <Button type="submit" size="compact-xs" variant="default">
        Add file
      </Button>
    </form>
  );
}
