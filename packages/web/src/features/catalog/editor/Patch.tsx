import { Button } from '@mantine/core';
import { Copyable } from '../../../core/ui/index.ts';
import { LineDiff } from './LineDiff.tsx';
import { patchOf } from './lines.ts';
import classes from './EditorPage.module.css';

/** The change as a patch, to copy or to keep as a file. */
export function Patch({ path, before, after }: { path: string; before: string; after: string }) {
  const patch = patchOf(path, before, after);
  if (patch === '') return <p className={classes.dim}>Nothing has been changed yet.</p>;
  const download = () => {
    const address = URL.createObjectURL(new Blob([patch], { type: 'text/x-patch' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = `${path.split('/').at(-1) ?? 'descriptor'}.patch`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  return (
    <>
      <LineDiff before={before} after={after} label="The change" />
      <div className={classes.answer}>
        <Copyable text={patch} label="Copy the patch">
          <span>Copy the patch</span>
        </Copyable>
        <Button size="compact-xs" variant="default" onClick={download}>
          Download patch
        </Button>
      </div>
    </>
  );
}
