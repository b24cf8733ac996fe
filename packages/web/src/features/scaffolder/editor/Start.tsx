import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { AppLink, ErrorState, PageHeader, SkeletonRows, Status } from '../../../core/ui/index.ts';
import { templatesQuery } from '../api.ts';
import { draftOfFolder, newDraft, type Draft } from './draft.ts';
import classes from './Editor.module.css';

const mostBytes = 7_000_000;
const ignored = /(^|\/)(\.git|node_modules)\//;

/** The files of a folder that was chosen, without the name of the folder itself. */
async function readFolder(list: FileList): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let total = 0;
  for (const file of list) {
    const path = (file.webkitRelativePath || file.name)
      .split('/')
      .slice(file.webkitRelativePath ? 1 : 0)
      .join('/');
    if (ignored.test(path)) continue;
    total += file.size;
    if (total > mostBytes) throw new Error('The folder is larger than 7 MB. Choose the folder of one template.');
    files.set(path, new Uint8Array(await file.arrayBuffer()));
  }
  return files;
}

/** Where a template comes from that is to be written: nothing, this computer, the catalog. */
export function Start({ onOpen }: { onOpen: (draft: Draft) => void }) {
  const { data, error, refetch } = useQuery(templatesQuery);
  const [refusal, setRefusal] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const take = async (list: FileList | null) => {
    setRefusal(undefined);
    if (!list || list.length === 0) return;
    try {
      const draft = draftOfFolder(await readFolder(list));
      if (draft) onOpen(draft);
      else setRefusal('No YAML file in this folder has kind: Template. Choose the folder with template.yaml in it.');
    } catch (failure) {
      setRefusal((failure as Error).message);
    }
  };
  return (
    <>
      <PageHeader
        title="Template editor"
        description="Write a template and see its form and what it makes, before anybody uses it. Nothing leaves this page until you save."
      />
      <div className={classes.start}>
        <section aria-labelledby="start-new">
          <h2 id="start-new">Begin anew</h2>
          <p>A small template with a form, a skeleton and a repository.</p>
          <Button size="xs" onClick={() => onOpen(newDraft())}>
            Begin a template
          </Button>
        </section>
        <section aria-labelledby="start-folder">
          <h2 id="start-folder">From this computer</h2>
          <p>A folder with template.yaml and its skeleton. It stays in this page.</p>
          <input
            ref={(element) => {
              input.current = element;
              element?.setAttribute('webkitdirectory', '');
            }}
            type="file"
            multiple
            hidden
            aria-label="Folder of a template"
            onChange={(event) => void take(event.currentTarget.files)}
          />
          <Button size="xs" variant="default" onClick={() => input.current?.click()}>
            Choose a folder
          </Button>
          <div role="status">{refusal ? <Status level="failing" label={refusal} /> : null}</div>
        </section>
        <section aria-labelledby="start-catalog">
          <h2 id="start-catalog">From the catalog</h2>
          {error && !data ? (
            <ErrorState error={error} what="The templates could not be read" onRetry={() => void refetch()} />
          ) : !data ? (
            <SkeletonRows rows={4} />
          ) : data.length === 0 ? (
            <p>There are no templates in the catalog yet.</p>
          ) : (
            <ul>
              {data.map(({ ref, title }) => (
                <li key={ref}>
                  <AppLink to="/create/edit" search={{ template: ref }}>
                    {title}
                  </AppLink>
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
    </>
  );
}
