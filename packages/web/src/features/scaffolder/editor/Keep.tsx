import { Button } from '@mantine/core';
import type { DescriptorResponse, SaveDescriptorResponse } from '@callboard/model/http';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { request } from '../../../core/api/index.ts';
import { MayOrWhy } from '../../../core/session/index.ts';
import { Copyable, count, Status } from '../../../core/ui/index.ts';
import { loadPatches } from '../../catalog/index.ts';
import type { Change, Draft } from './draft.ts';
import classes from './Editor.module.css';

type KeepProps = { draft: Draft; changes: Change[]; entityRef?: string | undefined; onSaved: (path: string) => void };

const descriptorOf = (entityRef: string | undefined) => ({
  queryKey: ['catalog', 'descriptor', { entity: entityRef }],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    request<DescriptorResponse>(`/api/catalog/descriptor?entityRef=${encodeURIComponent(entityRef ?? '')}`, { signal }),
  enabled: entityRef !== undefined,
  retry: false,
});

/** All changes of texts as one patch that git applies in the folder of the files. */
async function patchOfAll({ files, before }: Draft, changes: Change[]): Promise<string> {
  const { patchOf } = await loadPatches();
  return changes
    .map(({ path, kind }) => {
      const [was, now] = [before.get(path)?.text ?? '', files.get(path)?.text ?? ''];
      const body = patchOf(path, was, now);
      const head = `diff --git a/${path} b/${path}\n`;
      if (kind === 'changed') return `${head}${body}`;
      const mode = kind === 'new' ? 'new file mode 100644\n' : 'deleted file mode 100644\n';
      const hunks = body.slice(body.indexOf('@@'));
      if (body === '') return `${head}${mode}`;
      return kind === 'new'
        ? `${head}${mode}--- /dev/null\n+++ b/${path}\n${hunks}`
        : `${head}${mode}--- a/${path}\n+++ /dev/null\n${hunks}`;
    })
    .join('');
}

function download(name: string, text: string) {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/x-patch' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** What to do with what was written: save the template where the portal may, take everything as a patch elsewhere. */
export function Keep({ draft, changes, entityRef, onSaved }: KeepProps) {
  const client = useQueryClient();
  const { data: descriptor } = useQuery(descriptorOf(entityRef));
  const text = draft.files.get(draft.main)?.text ?? '';
  const [patch, setPatch] = useState('');
  useEffect(() => {
    let left = false;
    void patchOfAll(draft, changes).then((made) => {
      if (!left) setPatch(made);
    });
    return () => {
      left = true;
    };
  }, [draft, changes]);
  const save = useMutation({
    mutationFn: () =>
      request<SaveDescriptorResponse>('/api/catalog/descriptor', {
        method: 'PUT',
        body: { document: descriptor!.document, text, hash: descriptor!.hash, withErrors: true },
      }),
    async onSuccess() {
      onSaved(draft.main);
      await client.invalidateQueries({ queryKey: ['catalog'] });
      await client.invalidateQueries({ queryKey: ['scaffolder'] });
    },
  });
  const isMainChanged = changes.some(({ path, kind }) => path === draft.main && kind === 'changed');
  const others = changes.filter(({ path }) => !(path === draft.main && descriptor?.writable));
  if (changes.length === 0)
    return (
      <p className={classes.dim} role="status">
        {save.isSuccess ? (
          <Status level="ok" label={`${draft.main} is saved. The catalog takes it in now.`} isSentence />
        ) : null}
      </p>
    );
  return (
    <div className={classes.keep}>
      {save.error ? <Status level="failing" label={save.error.message} isSentence /> : null}
      {descriptor?.writable && isMainChanged ? (
        <MayOrWhy permission="catalog.descriptor.update" entityRef={entityRef}>
          <Button size="xs" loading={save.isPending} onClick={() => save.mutate()}>
            Save {draft.main.split('/').at(-1)}
          </Button>
        </MayOrWhy>
      ) : null}
      <Button size="xs" variant="default" onClick={() => download('template.patch', patch)}>
        Download a patch of {count(changes.length, 'file')}
      </Button>
      <Copyable text={patch} label="Copy the patch">
        <span className={classes.dim}>or copy it</span>
      </Copyable>
      <p className={classes.dim}>
        {descriptor && !descriptor.writable
          ? `The portal cannot write here: ${descriptor.reason}. `
          : descriptor?.writable && others.length > 0
            ? 'The portal writes the file of the template only. '
            : ''}
        {others.length > 0
          ? `Apply the patch with git apply in the folder ${
              draft.main.includes('/') ? `that has ${draft.main.split('/')[0]}` : 'of the template'
            }.`
          : null}
      </p>
    </div>
  );
}
