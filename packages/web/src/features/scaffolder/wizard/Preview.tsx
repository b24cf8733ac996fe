import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { count, SkeletonRows } from '../../../core/ui/index.ts';
import type { TemplateKey } from '../api.ts';
import type { Wizard } from '../form/use-wizard.ts';
import { FileTree } from '../parts/FileTree.tsx';
import { planQuery } from './use-plan.ts';
import classes from './Wizard.module.css';

/** The files that the answers so far would make, beside the form where there is room. */
export function Preview({ template, wizard, isReady }: { template: TemplateKey; wizard: Wizard; isReady: boolean }) {
  // Whether answers are enough is said of these answers, not of those that came since.
  const now = useMemo(() => ({ toSend: wizard.toSend, isReady }), [wizard.toSend, isReady]);
  const [asked] = useDebouncedValue(now, 600);
  const { data, error } = useQuery({
    ...planQuery(template, { toSend: asked.toSend, secrets: wizard.secrets }, false),
    enabled: asked.isReady && isReady && wizard.isSettled,
  });
  const paths = useMemo(() => data?.directoryContents.map(({ path }) => path) ?? [], [data]);
  return (
    <aside className={classes.preview} aria-label="What will be made">
      <h2>What will be made</h2>
      {!isReady ? (
        <p className={classes.dim}>The files appear here once everything that is needed is filled in.</p>
      ) : error ? (
        <p className={classes.dim}>{error.message}</p>
      ) : !data ? (
        <SkeletonRows rows={6} label="Working out the files" />
      ) : (
        <>
          <p className={classes.dim}>{count(paths.length, 'file')} as it stands</p>
          <FileTree paths={paths} label="Files so far" />
        </>
      )}
    </aside>
  );
}
