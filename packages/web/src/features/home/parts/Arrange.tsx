import { PlainButton } from '../../../core/ui/index.ts';
import {
  IconArrowDown,
  IconArrowLeft,
  IconArrowRight,
  IconArrowUp,
  IconEye,
  IconEyeOff,
  IconGripVertical,
} from '@tabler/icons-react';
import type { HomeLayout } from '@callboard/model/http';
import { useRef, useState } from 'react';
import { across, defaultLayout, hide, place, show, step, type Column } from '../layout.ts';
import classes from './Arrange.module.css';
import { useDrag } from './drag.ts';

type ArrangeProps = {
  layout: HomeLayout;
  titles: Record<string, string>;
  onArrange: (layout: HomeLayout) => void;
  onDone: () => void;
};

const columnNames: Record<Column, string> = { main: 'left column', side: 'right column' };

/** The widgets as bars: dragged, or moved by their buttons; what is hidden stands below. */
export function Arrange({ layout, titles, onArrange, onDone }: ArrangeProps) {
  const columns = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  const arrange = (next: HomeLayout, what: string) => {
    onArrange(next);
    setSaid(what);
  };
  const titleOf = (name: string) => titles[name] ?? name;

  const dragged = useDrag(columns, (name, column, index) => {
    const from = layout[column].indexOf(name);
    // Behind itself it moves up by one, because it leaves its place.
    const last = layout[column].length - (from === -1 ? 0 : 1);
    const to = Math.min(last, from !== -1 && from < index ? index - 1 : index);
    arrange(place(layout, name, column, to), `${titleOf(name)}: ${columnNames[column]}, place ${to + 1}`);
  });

  const bar = (name: string, column: Column, index: number) => {
    const moved = (next: HomeLayout) => {
      const now: Column = next.side.includes(name) ? 'side' : 'main';
      arrange(
        next,
        `${titleOf(name)}: ${columnNames[now]}, place ${next[now].indexOf(name) + 1} of ${next[now].length}`,
      );
    };
    const title = titleOf(name);
    return (
      <li
        key={name}
        className={classes.bar}
        draggable
        data-widget={name}
        data-index={index}
        data-dragged={dragged === name}
      >
        <IconGripVertical size="1rem" aria-hidden />
        <span className={classes.title}>{title}</span>
        <button
          type="button"
          disabled={index === 0}
          aria-label={`Move ${title} up`}
          onClick={() => moved(step(layout, name, -1))}
        >
          <IconArrowUp size="1rem" aria-hidden />
        </button>
        <button
          type="button"
          disabled={index === layout[column].length - 1}
          aria-label={`Move ${title} down`}
          onClick={() => moved(step(layout, name, 1))}
        >
          <IconArrowDown size="1rem" aria-hidden />
        </button>
        <button
          type="button"
          aria-label={`Move ${title} to the ${columnNames[column === 'main' ? 'side' : 'main']}`}
          onClick={() => moved(across(layout, name))}
        >
          {column === 'main' ? <IconArrowRight size="1rem" aria-hidden /> : <IconArrowLeft size="1rem" aria-hidden />}
        </button>
        <button
          type="button"
          aria-label={`Hide ${title}`}
          onClick={() => arrange(hide(layout, name), `${title} is hidden`)}
        >
          <IconEyeOff size="1rem" aria-hidden />
        </button>
      </li>
    );
  };

  return (
    <section aria-label="Arrange the home page" className={classes.arrange}>
      <div className={classes.head}>
        <p>Drag the widgets, or use their arrows. The arrangement is yours and the same on every computer.</p>
        <div className={classes.actions}>
          <PlainButton variant="default" onClick={() => arrange(defaultLayout, 'Everything is as it was at first')}>
            As it was at first
          </PlainButton>
          <PlainButton onClick={onDone}>Done</PlainButton>
        </div>
      </div>
      <div ref={columns} className={classes.columns}>
        {(['main', 'side'] as const).map((column) => (
          <ul
            key={column}
            className={classes.column}
            aria-label={column === 'main' ? 'Left column' : 'Right column'}
            data-column={column}
          >
            {layout[column].map((name, index) => bar(name, column, index))}
          </ul>
        ))}
      </div>
      {layout.hidden.length > 0 ? (
        <div className={classes.hidden}>
          <h2>Hidden</h2>
          <ul aria-label="Hidden widgets">
            {layout.hidden.map((name) => (
              <li key={name} className={classes.bar}>
                <span className={classes.title}>{titleOf(name)}</span>
                <button
                  type="button"
                  aria-label={`Show ${titleOf(name)}`}
                  onClick={() => arrange(show(layout, name), `${titleOf(name)} is shown again`)}
                >
                  <IconEye size="1rem" aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <p role="status" className={classes.said}>
        {said}
      </p>
    </section>
  );
}
