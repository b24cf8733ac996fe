import { IconFile, IconFolder } from '@tabler/icons-react';
import { useMemo } from 'react';
import { treeOf, type TreeNode } from './files.ts';
import classes from './Files.module.css';

export type FileMark = 'new' | 'changed';

type FileTreeProps = {
  paths: readonly string[];
  /** the file that is shown */
  current?: string | undefined;
  marks?: ReadonlyMap<string, FileMark>;
  /** without it the tree is only looked at */
  onOpen?: (path: string) => void;
  label: string;
};

const words: Record<FileMark, string> = { new: 'new', changed: 'changed' };

/** Files in their folders. Folders close and open; a file is opened by its button. */
export function FileTree({ paths, current, marks, onOpen, label }: FileTreeProps) {
  const tree = useMemo(() => treeOf(paths), [paths]);
  return (
    <nav aria-label={label} className={classes.tree}>
      <Nodes nodes={tree} current={current} marks={marks} onOpen={onOpen} />
    </nav>
  );
}

type NodesProps = Pick<FileTreeProps, 'current' | 'marks' | 'onOpen'> & { nodes: TreeNode[] };

function Nodes({ nodes, current, marks, onOpen }: NodesProps) {
  return (
    <ul>
      {nodes.map(({ name, path, children }) => {
        const mark = marks?.get(path);
        return (
          <li key={path}>
            {children ? (
              <details open>
                <summary className={classes.node}>
                  <IconFolder size="0.875rem" aria-hidden />
                  {name}
                </summary>
                <Nodes nodes={children} current={current} marks={marks} onOpen={onOpen} />
              </details>
            ) : onOpen ? (
              <button
                type="button"
                className={classes.node}
                aria-current={path === current ? 'true' : undefined}
                title={path}
                onClick={() => onOpen(path)}
              >
                <IconFile size="0.875rem" aria-hidden />
                <span>{name}</span>
                {mark ? <small>{words[mark]}</small> : null}
              </button>
            ) : (
              <span className={classes.node} title={path}>
                <IconFile size="0.875rem" aria-hidden />
                <span>{name}</span>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
