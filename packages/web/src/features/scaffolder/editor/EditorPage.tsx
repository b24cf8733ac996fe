import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { ErrorState, PageHeader, SkeletonRows } from '../../../core/ui/index.ts';
import { sourceQuery, type TemplateKey } from '../api.ts';
import { draftOfSource, type Draft } from './draft.ts';
import { Start } from './Start.tsx';
import { Workbench } from './Workbench.tsx';

const keyOf = (ref: string): TemplateKey => {
  const [namespace = 'default', name = ''] = ref.replace(/^template:/i, '').split('/');
  return { namespace, name };
};

/** Writes a template where it can be tried out: its files, its form, and what it would make. */
export function EditorPage() {
  const { template = '' }: { template?: string } = useSearch({ strict: false });
  const [own, setOwn] = useState<Draft>();
  if (template !== '') return <OfCatalog key={template} entityRef={template} />;
  if (own) return <Workbench initial={own} onClose={() => setOwn(undefined)} />;
  return <Start onOpen={setOwn} />;
}

function OfCatalog({ entityRef }: { entityRef: string }) {
  const { data, error, refetch } = useQuery(sourceQuery(keyOf(entityRef)));
  if (error)
    return (
      <>
        <PageHeader title="Template editor" />
        <ErrorState error={error} what="The files of the template could not be read" onRetry={() => void refetch()} />
      </>
    );
  if (!data)
    return (
      <>
        <PageHeader title="Template editor" />
        <SkeletonRows rows={10} label="Loading the files" />
      </>
    );
  return <Workbench initial={draftOfSource(data)} entityRef={entityRef} isComplete={data.isComplete} />;
}
