const fields = 'input, textarea, select, [contenteditable=""], [contenteditable="true"], .cm-editor';
const buttonsAmongInputs = new Set([
  'button',
  'checkbox',
  'radio',
  'submit',
  'reset',
  'range',
  'color',
  'file',
  'image',
]);

/** Whether a key belongs to what is being written, and not to us. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const field = target.closest(fields);
  if (!field) return false;
  return !(field instanceof HTMLInputElement && buttonsAmongInputs.has(field.type));
}

/** While a dialog has the page, its keys are its own. */
export const isDialogOpen = (): boolean =>
  document.querySelector('dialog:modal, [role="dialog"][aria-modal="true"]') !== null;
