import { IconX } from '@tabler/icons-react';
import { useModal } from '../../../core/ui/index.ts';
import classes from './Lightbox.module.css';

/** An image as large as the window allows. */
export function Lightbox({ source, text, onClose }: { source: string; text: string; onClose: () => void }) {
  const dialog = useModal();
  return (
    <dialog ref={dialog} className={classes.dialog} aria-label={text || 'Image'} closedby="any" onClose={onClose}>
      <button type="button" className={classes.close} aria-label="Close" onClick={onClose}>
        <IconX size="1.25rem" aria-hidden />
      </button>
      <img src={source} alt={text} className={classes.image} />
      {text ? <p className={classes.text}>{text}</p> : null}
    </dialog>
  );
}
