/** Written without JSX, so that nothing has to be built. */
import { createElement as h, useState } from 'react';
import { Empty, Failure, Loading, Panel, Since, Status, useApi, useData } from '@callboard/plugin-api/web';

const levels = { info: 'unknown', good: 'ok', warning: 'warning', bad: 'failing' };
const words = { info: 'Information', good: 'Good news', warning: 'Take care', bad: 'Trouble' };
const listed = { listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 16 };
const row = { display: 'flex', gap: 12, alignItems: 'center', flexWrap: 'wrap' };

function Entry({ entry, children }) {
  return h(
    'li',
    { id: entry.id },
    h(
      Panel,
      { title: entry.title },
      h(
        'div',
        { style: row },
        h(Status, { level: levels[entry.tone], label: words[entry.tone] }),
        h(Since, { at: entry.from ?? entry.createdAt }),
      ),
      entry.text === '' ? null : h('p', { style: { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' } }, entry.text),
      children,
    ),
  );
}

/** The page: what counts now; with the id of one behind its address, that one alone. */
export function Announcements({ path }) {
  const { data, error, again } = useData('entries', (api) => api.get('/entries'));
  if (error) return h(Failure, { error, what: 'The announcements', again });
  if (!data) return h(Loading, { rows: 4 });
  const items = path ? data.items.filter((entry) => entry.id === path) : data.items;
  if (items.length === 0)
    return h(
      Empty,
      { title: path ? 'This announcement is over' : 'Nothing to announce' },
      data.mayWrite
        ? 'Announcements are written in Admin → Announcements.'
        : 'There is nothing that everybody has to know at the moment.',
    );
  return h(
    'ul',
    { style: listed },
    items.map((entry) => h(Entry, { key: entry.id, entry })),
  );
}

const field = (label, control) => h('label', { style: { display: 'grid', gap: 4 } }, label, control);
const control = {
  font: 'inherit',
  color: 'inherit',
  background: 'transparent',
  border: '1px solid currentColor',
  borderRadius: 4,
  padding: '6px 8px',
  width: '100%',
};
const button = { ...control, width: 'auto', cursor: 'pointer', minHeight: 32 };
const empty = { title: '', text: '', tone: 'info', until: '' };

function Form({ done }) {
  const api = useApi();
  const [draft, setDraft] = useState(empty);
  const [problem, setProblem] = useState('');
  const set = (key) => (event) => setDraft({ ...draft, [key]: event.target.value });
  const send = async (event) => {
    event.preventDefault();
    try {
      await api.post('/entries', { ...draft, until: draft.until === '' ? null : new Date(draft.until).toISOString() });
      setDraft(empty);
      setProblem('');
      done();
    } catch (error) {
      setProblem(error.message);
    }
  };
  return h(
    'form',
    { onSubmit: send, style: { display: 'grid', gap: 12, maxWidth: 640 } },
    field(
      'Title',
      h('input', { required: true, maxLength: 200, value: draft.title, onChange: set('title'), style: control }),
    ),
    field(
      'Text',
      h('textarea', { rows: 4, maxLength: 10000, value: draft.text, onChange: set('text'), style: control }),
    ),
    field(
      'Tone',
      h(
        'select',
        { value: draft.tone, onChange: set('tone'), style: control },
        Object.entries(words).map(([tone, word]) => h('option', { key: tone, value: tone }, word)),
      ),
    ),
    field(
      'Until (empty: for good)',
      h('input', { type: 'datetime-local', value: draft.until, onChange: set('until'), style: control }),
    ),
    problem === '' ? null : h('p', { role: 'alert' }, problem),
    h('div', null, h('button', { type: 'submit', style: button }, 'Announce')),
  );
}

/** The page of the administration: writing, and everything that was written. */
export function Write() {
  const api = useApi();
  const { data, error, again } = useData('all', (own) => own.get('/entries?all=true'));
  if (error) return h(Failure, { error, what: 'The announcements', again });
  if (!data) return h(Loading, { rows: 4 });
  if (!data.mayWrite)
    return h(
      Empty,
      { title: 'You may not write announcements' },
      'It needs the permission plugin.announcements.manage.',
    );
  const remove = (entry) => api.delete(`/entries/${entry.id}`).then(again, again);
  return h(
    'div',
    { style: { display: 'grid', gap: 24 } },
    h(Panel, { title: 'New announcement' }, h(Form, { done: again })),
    h(
      'ul',
      { style: listed },
      data.items.map((entry) =>
        h(
          Entry,
          { key: entry.id, entry },
          h(
            'button',
            { type: 'button', style: button, onClick: () => remove(entry), 'aria-label': `Remove ${entry.title}` },
            'Remove',
          ),
        ),
      ),
    ),
  );
}
