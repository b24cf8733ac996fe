import { IconChevronRight } from '@tabler/icons-react';
import { useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { AppLink, count, grouped, Status } from '../../../core/ui/index.ts';
import { readRef } from '../entity.ts';
import { entityTarget } from '../parts/EntityLink.tsx';
import { KindIcon } from '../parts/KindIcon.tsx';
import { rowsOf, type TreeNode, type TreeRow } from './tree.ts';
import classes from './Organization.module.css';

/** With more groups than this only the upper ones are open at first. */
const mostOpen = 60;

const refsTo = (nodes: TreeNode[], depth: number): string[] =>
  depth === 0 ? [] : nodes.flatMap(({ group, children }) => [group.entityRef, ...refsTo(children, depth - 1)]);

/** The organization as a tree: arrow keys move, open and close; Enter opens the group's page. */
export function OrganizationTree({ tree, size }: { tree: TreeNode[]; size: number }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(refsTo(tree, size > mostOpen ? 1 : 20)));
  const [current, setCurrent] = useState(tree[0]?.group.entityRef);
  const list = useRef<HTMLUListElement>(null);
  const rows = useMemo(() => rowsOf(tree, (ref) => open.has(ref)), [tree, open]);

  const toggle = (ref: string, wanted = !open.has(ref)) =>
    setOpen((before) => {
      const next = new Set(before);
      if (wanted) next.add(ref);
      else next.delete(ref);
      return next;
    });
  const focus = (row: TreeRow | undefined) => {
    if (!row) return;
    const ref = row.node.group.entityRef;
    setCurrent(ref);
    list.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(ref)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const index = rows.findIndex(({ node }) => node.group.entityRef === current);
    const row = rows[index];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const ref = row.node.group.entityRef;
    const isOpen = open.has(ref) && row.node.children.length > 0;
    const actions: Record<string, () => void> = {
      ArrowDown: () => focus(rows[index + 1]),
      ArrowUp: () => focus(rows[index - 1]),
      Home: () => focus(rows[0]),
      End: () => focus(rows.at(-1)),
      ArrowRight: () => (isOpen ? focus(rows[index + 1]) : toggle(ref, true)),
      ArrowLeft: () =>
        isOpen ? toggle(ref, false) : focus(rows.find(({ node }) => node.group.entityRef === row.parent)),
      '*': () => setOpen(new Set(refsTo(tree, 100))),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  const known = rows.some(({ node }) => node.group.entityRef === current);
  return (
    <ul ref={list} role="tree" aria-label="Groups" className={classes.tree} onKeyDown={onKeyDown}>
      {rows.map((row, index) => {
        const ref = row.node.group.entityRef;
        const isStop = known ? ref === current : index === 0;
        return (
          <Row
            key={ref}
            row={row}
            isOpen={open.has(ref)}
            isStop={isStop}
            onToggle={() => toggle(ref)}
            onFocus={() => setCurrent(ref)}
          />
        );
      })}
    </ul>
  );
}

function Row(props: { row: TreeRow; isOpen: boolean; isStop: boolean; onToggle: () => void; onFocus: () => void }) {
  const { row, isOpen, isStop, onToggle, onFocus } = props;
  const { group, children, missingParent } = row.node;
  const ref = readRef(group.entityRef, 'group', 'default');
  if (!ref) return null;
  const { people, owned } = group;
  const turn = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onToggle();
  };
  return (
    <li role="none">
      <AppLink
        {...entityTarget(ref)}
        role="treeitem"
        aria-level={row.level}
        aria-expanded={children.length > 0 ? isOpen : undefined}
        tabIndex={isStop ? 0 : -1}
        data-row={group.entityRef}
        className={classes.row}
        style={{ '--level': row.level - 1 } as React.CSSProperties}
        onFocus={onFocus}
      >
        <span className={classes.name}>
          {children.length > 0 ? (
            <span className={classes.toggle} data-open={isOpen || undefined} onClick={turn} aria-hidden="true">
              <IconChevronRight size="0.875rem" />
            </span>
          ) : (
            <span className={classes.toggle} />
          )}
          <KindIcon kind="group" size="0.875rem" />
          <span className={classes.label}>{group.label}</span>
          {group.type ? <span className={classes.type}>{group.type}</span> : null}
          {missingParent ? (
            <Status level="warning" label={`Its parent ${missingParent} does not exist`} short="parent missing" />
          ) : null}
        </span>
        <span className={classes.figures}>
          <span title={`${people.direct} in the group itself`}>{count(people.total, 'person', 'people')}</span>
          <span title={`${owned.direct} by the group itself`}>owns {grouped(owned.total)}</span>
        </span>
      </AppLink>
    </li>
  );
}
