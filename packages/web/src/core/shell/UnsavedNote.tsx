import type { PreferenceKey } from '@callboard/model/http';
import { useQueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/index.ts';
import { retryUnsaved, useUnsaved } from '../session/index.ts';
import { Status } from '../ui/index.ts';
import classes from './UnsavedNote.module.css';

const names: Record<PreferenceKey, string> = {
  starred: 'Your stars',
  recent: 'What you opened lately',
  views: 'Your saved views',
  teams: 'The teams you follow',
  'home-layout': 'The layout of the home page',
  theme: 'The colour theme',
  'last-visit': 'The time of your visit',
  docs: 'How you read documents',
};
/** What the portal writes down by itself is tried again in silence: nobody has asked for it. */
const silent = new Set<PreferenceKey>(['recent', 'last-visit']);

/** Says that something of one's own is not on the server yet, why, and offers to try again. */
export function UnsavedNote() {
  const client = useQueryClient();
  const unsaved = useUnsaved().filter(({ key }) => !silent.has(key));
  const [first] = unsaved;
  if (!first) return null;
  const fix = first.error instanceof ApiError ? first.error.fix : '';
  return (
    <div className={classes.note} role="status">
      <Status
        level="warning"
        label={`${unsaved.map(({ key }) => names[key]).join(', ')} ${first.refused ? 'could not be stored' : 'are not stored yet'}`}
      />
      <p>
        {first.error.message} {first.refused ? fix : 'They are kept in this browser and stored as soon as it answers.'}
      </p>
      <button type="button" onClick={() => retryUnsaved(client)}>
        {first.refused ? 'Close' : 'Try now'}
      </button>
    </div>
  );
}
