import { IconPrinter, IconTextSize } from '@tabler/icons-react';
import { useRef } from 'react';
import { useDocsSettings } from '../settings.ts';
import { useListener } from '../use-listener.ts';
import classes from './ReaderHeader.module.css';

const sizes = [
  ['small', 'Small'],
  ['normal', 'Normal'],
  ['large', 'Large'],
  ['larger', 'Larger'],
] as const;
const widths = [
  ['prose', 'For reading'],
  ['full', 'All of the page'],
] as const;

/** Size of text, width of lines, paper. */
export function ReadingSettings() {
  const details = useRef<HTMLDetailsElement>(null);
  const { textSize, width, set } = useDocsSettings();
  const close = () => {
    if (details.current) details.current.open = false;
  };
  useListener(details, 'focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !details.current?.contains(relatedTarget)) close();
  });
  useListener(details, 'keydown', (event) => {
    if (event.key !== 'Escape' || !details.current?.open) return;
    close();
    details.current.querySelector('summary')?.focus();
  });
  return (
    <details ref={details} className={classes.settings}>
      <summary className={classes.action} aria-label="How to read" title="How to read">
        <IconTextSize size="1.125rem" stroke={1.6} aria-hidden />
      </summary>
      <div className={classes.panel}>
        <fieldset>
          <legend>Size of text</legend>
          {sizes.map(([value, label]) => (
            <label key={value}>
              <input
                type="radio"
                name="docs-text-size"
                checked={textSize === value}
                onChange={() => set({ textSize: value })}
              />
              {label}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>Width of lines</legend>
          {widths.map(([value, label]) => (
            <label key={value}>
              <input type="radio" name="docs-width" checked={width === value} onChange={() => set({ width: value })} />
              {label}
            </label>
          ))}
        </fieldset>
        <button
          type="button"
          className={classes.print}
          onClick={() => {
            close();
            window.print();
          }}
        >
          <IconPrinter size="1rem" stroke={1.6} aria-hidden /> Print this page
        </button>
      </div>
    </details>
  );
}
