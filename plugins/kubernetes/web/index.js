/** Written without JSX, so that nothing has to be built. The portal draws the views; only the choice of a log needs code. */
import { createElement as h, useEffect, useLayoutEffect, useRef, useState } from 'react';
import {
  Drawing,
  Empty,
  Failure,
  Loading,
  Panel,
  Since,
  Status,
  View,
  useData,
  useStream,
  useView,
} from '@callboard/plugin-api/web';

/** What is wider than a phone scrolls in its own place. */
const stacked = { display: 'grid', gap: 24, gridTemplateColumns: 'minmax(0, 1fr)' };
const row = { display: 'flex', gap: 12, alignItems: 'end', flexWrap: 'wrap' };
const control = {
  font: 'inherit',
  color: 'inherit',
  background: 'transparent',
  border: '1px solid currentColor',
  borderRadius: 4,
  padding: '6px 8px',
  minHeight: 32,
  maxWidth: '100%',
};
const field = (label, input) => h('label', { style: { ...stacked, gap: 4, minWidth: 0 } }, label, input);

/** One choice for each container, those that have restarted first. */
const choicesOf = (pods) =>
  pods
    .flatMap(({ cluster, namespace, name, containers }) =>
      containers.map((container) => ({
        cluster,
        namespace,
        pod: name,
        container: container.name,
        restarts: container.restarts,
        key: [cluster, namespace, name, container.name].join('/'),
      })),
    )
    .toSorted((a, b) => b.restarts - a.restarts);

const button = { ...control, justifySelf: 'start', cursor: 'pointer' };
const wordsOf = (entityRef, { cluster, namespace, pod, container }) =>
  new URLSearchParams({ entity: entityRef, cluster, namespace, pod, container });

/** The last lines of the run before: nothing is added to them. */
function LogBefore({ entityRef, choice }) {
  const address = `/log?${wordsOf(entityRef, choice)}&previous=true`;
  const { data, error, again } = useData(address, (api) => api.get(address));
  if (error) return h(Failure, { error, what: 'The log', again });
  if (!data) return h(Loading, { rows: 6 });
  return h(
    'div',
    { style: stacked },
    h('button', { type: 'button', style: button, onClick: again }, 'Read again'),
    h(Drawing, { view: { model: 'log', lines: data.lines } }),
  );
}

const words = {
  follows: ['ok', 'Followed'],
  ended: ['unknown', 'The container has ended'],
  stopped: ['unknown', 'Not followed'],
  broken: ['warning', 'Broken off'],
  failed: ['failing', 'Not read'],
};

/** Keeps the end of a log in sight, unless somebody reads further up. */
function AtEnd({ lines }) {
  const [frame, setFrame] = useState(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    const box = frame?.firstElementChild;
    if (!box) return undefined;
    const watch = () => {
      isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    };
    if (isAtEnd.current) box.scrollTo({ top: box.scrollHeight });
    box.addEventListener('scroll', watch);
    return () => box.removeEventListener('scroll', watch);
  }, [frame, lines]);
  return h('div', { ref: setFrame }, h(Drawing, { view: { model: 'log', lines } }));
}

/** The log of a container, with each line as it is written. */
function Log({ entityRef, choice }) {
  const [isOn, setIsOn] = useState(true);
  const path = `/log/follow?${wordsOf(entityRef, choice)}`;
  const { values: lines, state, since, error, again } = useStream(isOn ? path : undefined);
  const begin = () => (isOn ? again() : setIsOn(true));
  if (state === 'failed' && lines.length === 0) return h(Failure, { error, what: 'The log', again: begin });
  if (state === 'begins' && lines.length === 0) return h(Loading, { rows: 6 });
  const [level, label] = words[state] ?? words.stopped;
  return h(
    'div',
    { style: { ...stacked, gap: 12 } },
    h(
      'div',
      { style: { ...row, alignItems: 'center' } },
      ['ended', 'failed', 'stopped'].includes(state)
        ? h('button', { type: 'button', style: button, onClick: begin }, 'Follow')
        : h('button', { type: 'button', style: button, onClick: () => setIsOn(false) }, 'Stop'),
      h(Status, { level, label }),
      state === 'broken' ? h(Since, { at: since }) : null,
    ),
    state === 'failed' ? h('p', null, error.message) : null,
    lines.length === 0
      ? h(Empty, { title: 'No lines' }, 'The container has written nothing yet.')
      : h(AtEnd, { lines }),
  );
}

function Logs({ entityRef }) {
  const [chosen, setChosen] = useState('');
  const [previous, setPrevious] = useState(false);
  const { data, error, again } = useData(['pods', entityRef], (api) =>
    api.get(`/pods?entity=${encodeURIComponent(entityRef)}`),
  );
  if (error?.status === 403)
    return h(Empty, { title: 'Logs need a right of their own' }, 'A role grants it: plugin.kubernetes.logs.');
  if (error) return h(Failure, { error, what: 'The pods', again });
  if (!data) return h(Loading, { rows: 2 });
  const choices = choicesOf(data.items);
  if (choices.length === 0) return h(Empty, { title: 'No containers' }, 'No pod of it was found, so there is no log.');
  // By name: restarts put them into another order.
  const choice = choices.find(({ key }) => key === chosen);
  return h(
    'div',
    { style: stacked },
    h(
      'div',
      { style: row },
      field(
        'Container',
        h(
          'select',
          { style: control, value: choice ? chosen : '', onChange: (event) => setChosen(event.target.value) },
          h('option', { value: '' }, 'Choose one'),
          choices.map(({ cluster, namespace, pod, container, restarts, key }) =>
            h(
              'option',
              { key, value: key },
              `${container} of ${pod} in ${cluster} / ${namespace}${restarts > 0 ? ` (${restarts} restarts)` : ''}`,
            ),
          ),
        ),
      ),
      h(
        'label',
        { style: { display: 'flex', gap: 8, alignItems: 'center', minHeight: 32 } },
        h('input', { type: 'checkbox', checked: previous, onChange: (event) => setPrevious(event.target.checked) }),
        'Its run before',
      ),
    ),
    choice ? h(previous ? LogBefore : Log, { entityRef, choice, key: chosen }) : null,
  );
}

const everyMs = 15_000;

/** A view that is asked for again while somebody looks. The portal answers from memory unless something has changed. */
function Part({ title, id, entityRef }) {
  const { again } = useView(id, { entityRef });
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') again();
    }, everyMs);
    return () => clearInterval(timer);
  }, [again]);
  return h(Panel, { title }, h(View, { id, entityRef }));
}

/** The tab: what is wrong first, then what runs. */
export function Kubernetes({ entityRef }) {
  const part = (title, id) => h(Part, { title, id, entityRef, key: id });
  return h(
    'div',
    { style: stacked },
    part('Problems', 'problems'),
    part('Workloads', 'workloads'),
    part('Versions', 'versions'),
    part('Pods', 'pods'),
    part('Services, ingresses, autoscalers and custom resources', 'others'),
    part('Warnings of the cluster', 'events'),
    h(Panel, { title: 'Logs', key: 'logs' }, h(Logs, { entityRef })),
  );
}
