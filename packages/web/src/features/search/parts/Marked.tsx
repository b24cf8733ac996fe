import { Fragment } from 'react';

type Tags = { preTag: string; postTag: string };

/** Texts between the tags of a highlight; every second one is marked. */
export function pieces(text: string, { preTag, postTag }: Tags): { text: string; marked: boolean }[] {
  return text
    .split(preTag)
    .flatMap((part, index) => {
      if (index === 0) return [{ text: part, marked: false }];
      const [marked = '', ...rest] = part.split(postTag);
      return [
        { text: marked, marked: true },
        { text: rest.join(postTag), marked: false },
      ];
    })
    .filter((piece) => piece.text !== '');
}

/** A text with what was searched in it. It is text: nothing in it is taken for markup. */
export function Marked({ text, tags }: { text: string; tags: Tags }) {
  return pieces(text, tags).map((piece, index) => (
    <Fragment key={index}>{piece.marked ? <mark>{piece.text}</mark> : piece.text}</Fragment>
  ));
}
