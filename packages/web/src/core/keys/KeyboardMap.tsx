import { IconX } from '@tabler/icons-react';
import { Fragment } from 'react';
import { useStored } from '../session/index.ts';
import { iconButton, useModal } from '../ui/index.ts';
import classes from './KeyboardMap.module.css';
import { closeKeyboardMap } from './map.ts';
import type { Shortcut } from './shortcuts.ts';

const isApple = /Mac|iP(hone|ad)/.test(navigator.platform);
const words: Record<string, string> = { mod: isApple ? '⌘' : 'Ctrl', enter: 'Enter', up: '↑', down: '↓' };
const keyWord = (key: string) => words[key] ?? (key.length === 1 && key !== 'g' ? key : key);

function Keys({ keys }: { keys: string }) {
  return keys.split(' ').map((press, index) => (
    <Fragment key={press}>
      {index > 0 ? ' then ' : null}
      {press.split('+').map((key) => (
        <kbd key={key}>{press.startsWith('mod+') && key.length === 1 ? key.toUpperCase() : keyWord(key)}</kbd>
      ))}
    </Fragment>
  ));
}

/** All keys of the portal, and a switch for those without a modifier. */
export function KeyboardMap({ shortcuts }: { shortcuts: Shortcut[] }) {
  const dialog = useModal();
  const [letters, setLetters] = useStored<'on' | 'off'>('keys', 'on');
  return (
    <dialog
      ref={dialog}
      className={classes.dialog}
      aria-labelledby="keyboard-map-title"
      closedby="any"
      onClose={closeKeyboardMap}
    >
      <div className={classes.head}>
        <h2 id="keyboard-map-title">Keyboard</h2>
        <button type="button" className={iconButton} aria-label="Close" onClick={closeKeyboardMap}>
          <IconX size="1.125rem" aria-hidden />
        </button>
      </div>
      <div className={classes.groups}>
        {[...Map.groupBy(shortcuts, ({ group }) => group)].map(([group, each]) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl className={classes.keys}>
              {each.map(({ keys, label }) => (
                <div key={keys} data-off={letters === 'off' && !keys.startsWith('mod+')}>
                  <dt>{label}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className={classes.choice}>
        <input
          type="checkbox"
          checked={letters === 'on'}
          onChange={(event) => setLetters(event.currentTarget.checked ? 'on' : 'off')}
        />
        Keys without {words['mod']} work too (never while you type). Switch them off if speech input or a screen reader
        needs the letters.
      </label>
    </dialog>
  );
}
