import { Fragment } from 'react';

/** An address, a path or a reference that goes to the next line after one of its parts, rather than in the middle of a word. */
export const Breakable = ({ text }: { text: string }) =>
  text.split(/(?<=[/.:@?&=_-])(?![/.:@?&=_-])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 ? <wbr /> : null}
      {part}
    </Fragment>
  ));
