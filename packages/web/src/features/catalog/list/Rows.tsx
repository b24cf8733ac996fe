import type { Entity } from '@callboard/model';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { memo } from 'react';
import { count, smallIconButton } from '../../../core/ui/index.ts';
import type { Column } from '../columns.tsx';
import { canonicalRef, nameOf, refOf } from '../entity.ts';
import { isSameHelp, type CellHelp } from './help.ts';
import { EntityLink } from '../parts/EntityLink.tsx';
import classes from '../parts/CatalogTable.module.css';

type RowProps = {
  line: number;
  height: number;
  entity: Entity;
  columns: Column[];
  chosen: boolean;
  choose: (entityRef: string, line: number, range: boolean) => void;
  help: CellHelp;
};

/** The references, whole, of what a row names. */
export const namesIn = (entity: Entity, columns: Column[]): string[] =>
  columns.flatMap(({ names }) => {
    const ref = names?.(entity);
    return ref ? [canonicalRef(ref)] : [];
  });

const isSameRow = (before: RowProps, after: RowProps): boolean =>
  before.line === after.line &&
  before.height === after.height &&
  before.entity === after.entity &&
  before.columns === after.columns &&
  before.chosen === after.chosen &&
  before.choose === after.choose &&
  isSameHelp(before.help, after.help, refOf(after.entity), namesIn(after.entity, after.columns));

/** One entity of the list. */
export const Row = memo(function Row({ line, height, entity, columns, chosen, choose, help }: RowProps) {
  return (
    <tr role="row" aria-rowindex={line + 2} data-ref={refOf(entity)} data-chosen={chosen} style={{ height }}>
      <td role="cell" className={classes.choice}>
        <label>
          <input
            type="checkbox"
            data-row-choice
            aria-label={`Choose ${nameOf(entity)}`}
            checked={chosen}
            onChange={(event) => choose(refOf(entity), line, (event.nativeEvent as MouseEvent).shiftKey)}
          />
        </label>
      </td>
      {columns.map((column) => (
        <td role="cell" key={column.id}>
          {column.cell(entity, help)}
        </td>
      ))}
    </tr>
  );
}, isSameRow);

type HeadingProps = {
  line: number;
  height: number;
  entityRef: string | undefined;
  none: string;
  size: number;
  folded: boolean;
  fold: () => void;
};

/** The line above the rows of one group; folds them away. */
export function Heading({ line, height, entityRef, none, size, folded, fold }: HeadingProps) {
  const Chevron = folded ? IconChevronRight : IconChevronDown;
  return (
    <tr role="row" aria-rowindex={line + 2} className={classes.group} style={{ height }}>
      <th role="rowheader" scope="rowgroup">
        <span className={classes.groupLine}>
          <button
            type="button"
            className={smallIconButton}
            aria-expanded={!folded}
            aria-label={entityRef ?? none}
            onClick={fold}
          >
            <Chevron size="0.875rem" aria-hidden />
          </button>
          {entityRef === undefined ? <span>{none}</span> : <EntityLink entityRef={entityRef} />}
          <span className={classes.groupCount}>{count(size, 'entity', 'entities')}</span>
        </span>
      </th>
    </tr>
  );
}
