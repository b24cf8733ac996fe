import { Spoken } from './Spoken.tsx';
import classes from './Status.module.css';

export type StatusLevel = 'ok' | 'warning' | 'failing' | 'unknown';

type StatusProps = {
  level: StatusLevel;
  label: string;
  short?: string | undefined;
  /** Words stay in one line, sentences may break. */
  isSentence?: boolean;
};

/** Never colour alone: a shape, a colour and a word. `label` is read aloud even where only the shape has room. */
export function Status({ level, label, short, isSentence = false }: StatusProps) {
  return (
    <span
      className={classes.status}
      data-level={level}
      data-sentence={isSentence || undefined}
      title={short === undefined ? undefined : label}
    >
      <span aria-hidden="true" className={classes.shape} />
      {short === undefined ? (
        <span>{label}</span>
      ) : (
        <>
          <span aria-hidden="true">{short}</span>
          <Spoken>{label}</Spoken>
        </>
      )}
    </span>
  );
}
