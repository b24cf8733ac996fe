import type { DocsSiteResponse } from '@callboard/model/http';
import { IconListTree, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useShortcuts, type Shortcut } from '../../../core/keys/index.ts';
import { useStored } from '../../../core/session/index.ts';
import { useNarrow } from '../../../core/ui/index.ts';
import { Found } from './Found.tsx';
import { SiteNavigation } from './SiteNavigation.tsx';
import classes from './SiteSide.module.css';

type SiteSideProps = { site: DocsSiteResponse; base: string; path: string; version?: string | undefined };

const narrowRem = 64;

/** The pages of the site and the search in it: beside the page, or in a drawer where there is no room. */
export function SiteSide(props: SiteSideProps) {
  const narrow = useNarrow(narrowRem);
  const drawer = useRef<HTMLDialogElement>(null);
  const { path } = props;
  const [letters] = useStored<'on' | 'off'>('keys', 'on');
  useEffect(() => drawer.current?.close(), [path]);
  const shortcuts = useMemo(
    (): Shortcut[] => [
      {
        keys: 't',
        label: 'Find in these documents',
        group: 'Documents',
        run() {
          if (drawer.current && !drawer.current.open) drawer.current.showModal();
          document.querySelector<HTMLInputElement>('[data-docs-find]')?.select();
        },
      },
    ],
    [],
  );
  useShortcuts(shortcuts, letters === 'on', { first: true });
  if (!narrow)
    return (
      <div className={classes.side}>
        <Side {...props} />
      </div>
    );
  return (
    <>
      <button type="button" className={classes.open} onClick={() => drawer.current?.showModal()}>
        <IconListTree size="1rem" stroke={1.6} aria-hidden /> Pages and search
      </button>
      <dialog ref={drawer} className={classes.drawer} aria-label="Pages of these documents" closedby="any">
        <button
          type="button"
          className={classes.close}
          aria-label="Close the pages"
          onClick={() => drawer.current?.close()}
        >
          <IconX size="1.125rem" aria-hidden />
        </button>
        <Side {...props} />
      </dialog>
    </>
  );
}

function Side({ site, base, path, version }: SiteSideProps) {
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const results = useRef<HTMLDivElement>(null);
  return (
    <>
      <label className={classes.find}>
        <IconSearch size="0.875rem" aria-hidden />
        <input
          ref={field}
          type="search"
          data-docs-find
          value={text}
          placeholder="Find in these documents"
          aria-label="Find in these documents"
          maxLength={100}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && text !== '') {
              event.preventDefault();
              setText('');
            }
            if (event.key === 'ArrowDown') {
              event.preventDefault();
              results.current?.querySelector('a')?.focus();
            }
            if (event.key === 'Enter') results.current?.querySelector('a')?.click();
          }}
        />
        <kbd aria-hidden="true">t</kbd>
      </label>
      <div ref={results} className={classes.below}>
        {text.trim() === '' ? (
          <SiteNavigation site={site} base={base} path={path} version={version} />
        ) : (
          <Found site={site} base={base} version={version} text={text.trim()} onLeave={() => field.current?.focus()} />
        )}
      </div>
    </>
  );
}
