import classes from './Verb.module.css';

/** What an operation does, in the word of its kind of API. Its colour repeats the word and says nothing of its own. */
export function Verb({ verb }: { verb: string }) {
  return (
    <span className={classes.verb} data-verb={verb.toLowerCase()}>
      {verb}
    </span>
  );
}
