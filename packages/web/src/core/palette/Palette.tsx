import { IconSearch, IconX } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { PaletteItem } from './types.ts';
import { closePalette, type OpenedPalette } from './open.ts';
import classes from './Palette.module.css';
import { PaletteRow } from './PaletteRow.tsx';
import { usePaletteLines } from './lines.ts';
import { usePointer } from './pointer.ts';

const rowId = (id: string) => `palette-${encodeURIComponent(id)}`;

/** One field for everything: where to go, what to do. Opened over any page; Escape gives the page back as it was. */
export function Palette({ opened }: { opened: OpenedPalette }) {
  const { text } = opened;
  const close = () => closePalette(opened.id);
  const router = useRouter();
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [value, setValue] = useState(text);
  const [group, setGroup] = useState<string>();
  const [chosen, setChosen] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const [asked, setAsked] = useState<PaletteItem['ask']>();
  const { groups, error, answered } = usePaletteLines(value, group, opened.href);
  const lines = asked ? [] : groups;
  const items = lines.flatMap((each) => each.items);
  // While nobody has moved, the first line is the active one; a line that is gone gives the place back to it.
  const active = items.find(({ id }) => id === chosen) ?? items[0];

  useLayoutEffect(() => {
    const element = dialog.current!;
    if (!element.open) element.showModal();
    field.current!.focus();
    field.current!.setSelectionRange(text.length, text.length);
  }, [text]);
  useEffect(() => {
    // The first line shows its heading as well.
    if (active === items[0]) list.current?.scrollTo({ top: 0 });
    else if (active) document.getElementById(rowId(active.id))?.scrollIntoView({ block: 'nearest' });
  });

  const ask = (next: string, nextGroup = group) => {
    setValue(next);
    setGroup(nextGroup);
    setChosen(undefined);
    setFailure(undefined);
  };
  const choose = async (item: PaletteItem, beside: boolean) => {
    if (item.ask) {
      setAsked(item.ask);
      return ask(item.ask.initial, undefined);
    }
    item.onOpen?.();
    if (item.to !== undefined && beside) return void window.open(item.to, '_blank', 'noopener');
    if (item.to !== undefined) {
      close();
      return router.history.push(item.to);
    }
    try {
      await item.run?.();
      close();
    } catch (reason) {
      setFailure(reason instanceof Error ? reason.message : String(reason));
    }
  };
  const move = (step: number) => {
    const here = items.findIndex((item) => item === active);
    const next = items[(here + step + items.length) % items.length];
    if (next) setChosen(next.id);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (asked) {
      if (event.key !== 'Enter' || value.trim() === '') return;
      event.preventDefault();
      asked.run(value.trim());
      return close();
    }
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      PageDown: () => setChosen(items[Math.min(items.length - 1, items.indexOf(active!) + 8)]?.id),
      PageUp: () => setChosen(items[Math.max(0, items.indexOf(active!) - 8)]?.id),
      Enter: () => active && void choose(active, event.metaKey || event.ctrlKey),
    };
    const narrow = event.key === 'Tab' && !event.shiftKey && group === undefined && active !== undefined;
    const widen =
      group !== undefined &&
      ((event.key === 'Tab' && event.shiftKey) || (event.key === 'Backspace' && value === '' && !event.repeat));
    const act = narrow
      ? () => ask(value, active.group)
      : widen
        ? () => {
            setGroup(undefined);
            setChosen(undefined);
          }
        : moves[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  usePointer(list, {
    onPoint: (id) => setChosen(id),
    onChoose: (id, beside) => {
      const item = items.find((each) => each.id === id);
      if (item) void choose(item, beside);
    },
  });

  return (
    <dialog ref={dialog} className={classes.dialog} aria-label="Search and commands" closedby="any" onClose={close}>
      <div className={classes.head}>
        <IconSearch size="1.125rem" aria-hidden />
        {group === undefined ? null : (
          <button
            type="button"
            className={classes.chip}
            onClick={() => {
              setGroup(undefined);
              field.current?.focus();
            }}
            aria-label={`Search in ${group} only: remove`}
          >
            {group} <IconX size="0.75rem" aria-hidden />
          </button>
        )}
        <input
          ref={field}
          className={classes.field}
          type="text"
          role="combobox"
          aria-label={asked?.label ?? 'Search or type a command'}
          aria-expanded={items.length > 0}
          aria-controls="palette-list"
          aria-activedescendant={active ? rowId(active.id) : undefined}
          aria-autocomplete="list"
          placeholder="Search services, APIs, people, or type > for actions"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={value}
          onChange={(event) => ask(event.currentTarget.value)}
          onKeyDown={keys}
        />
        <button type="button" className={classes.close} onClick={close}>
          <kbd>esc</kbd>
          <span className={classes.spoken}>Close</span>
        </button>
      </div>
      <div ref={list} id="palette-list" role="listbox" aria-label="Results" className={classes.list} tabIndex={-1}>
        {lines.map((each) => (
          <div key={each.title} role="group" aria-label={each.title}>
            <div className={classes.group} aria-hidden="true">
              {each.title}
              {each.more > 0 ? <span>{each.more} more</span> : null}
            </div>
            {each.items.map((item) => (
              <PaletteRow
                key={item.id}
                id={rowId(item.id)}
                item={item}
                query={value.replace(/^\s*[>@#]/, '')}
                active={item === active}
              />
            ))}
          </div>
        ))}
      </div>
      {asked ? (
        <p className={classes.nothing}>{asked.label}. Enter keeps it, Escape leaves everything as it is.</p>
      ) : null}
      {items.length === 0 && answered && !asked && !error ? (
        <p className={classes.nothing}>
          {group === undefined ? 'Nothing fits' : `Nothing among ${group} fits`} “{value.trim()}”. Try one word of the
          name, or fewer letters.
        </p>
      ) : null}
      {error || failure ? (
        <p className={classes.error} role="alert">
          {failure ?? `${error!.message} Pages and actions are still here.`}
        </p>
      ) : null}
      <div className={classes.foot} aria-hidden="true">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> choose
        </span>
        <span>
          <kbd>↵</kbd> open
        </span>
        <span>
          <kbd>{modifier}</kbd> <kbd>↵</kbd> open beside
        </span>
        <span>
          <kbd>tab</kbd> only this type
        </span>
        <span>
          <kbd>&gt;</kbd> actions <kbd>@</kbd> people <kbd>#</kbd> tags
        </span>
      </div>
      <div role="status" className={classes.spoken}>
        {answered && !asked ? `${items.length} ${items.length === 1 ? 'result' : 'results'}` : ''}
      </div>
    </dialog>
  );
}

const modifier = /Mac|iP(hone|ad)/.test(navigator.platform) ? '⌘' : 'ctrl';
