import { type RefObject, useLayoutEffect, useRef } from 'react';

/** A reference for a `<dialog>` that is open for as long as it is shown. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (!dialog.current!.open) dialog.current!.showModal();
  }, []);
  return dialog;
}
