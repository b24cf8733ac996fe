import { ApiError } from '../../../core/api/index.ts';
import { Status } from '../../../core/ui/index.ts';
import classes from './SignInApp.module.css';

/** Why it did not work, and what to do. */
export function Failure({ title, text }: { title: string; text: string }) {
  return (
    <div className={classes.failure} role="alert">
      <Status level="failing" label={title} />
      <p>{text}</p>
    </div>
  );
}

export const ErrorNote = ({ error }: { error: Error | null }) =>
  error ? <Failure title={error.message} text={error instanceof ApiError ? error.fix : 'Try again.'} /> : null;
