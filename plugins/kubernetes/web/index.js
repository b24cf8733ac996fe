/** Written without JSX, so that nothing has to be built. The portal draws the views; only the choice of a log needs code. */
import { createElement as h, useEffect, useState } from 'react';
import { Drawing, Empty, Failure, Loading, Panel, View, useData, useView } from '@callboard/plugin-api/web';

const stacked = { display: 'grid', gap: 24 };
const row = { display: 'flex', gap: 12, alignItems: 'end', flexWrap: 'wrap' };
const control = {
  font: 'inherit',
  color: 'inherit',
  background: 'transparent',
  border: '1px solid currentColor',
  borderRadius: 4,
  padding: '6px 8px',
  minHeight: 32,
};
const field = (label, input) => h('label', { style: { display: 'grid', gap: 4 } }, label, input);

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
      })),
    )
    .toSorted((a, b) => b.restarts - a.restarts);

function Log({ entityRef, choice, previous }) {
  const words = new URLSearchParams({
    entity: entityRef,
    cluster: choice.cluster,
    namespace: choice.namespace,
    pod: choice.pod,
    container: choice.container,
    previous: String(previous),
  });
  const address = `/log?${words}`;
  const { data, error, again } = useData(address, (api) => api.get(address));
  if (error) return h(Failure, { error, what: 'The log', again });
  if (!data) return h(Loading, { rows: 6 });
  return h(
    'div',
    { style: stacked },
    h(
      'button',
      { type: 'button', style: { ...control, justifySelf: 'start', cursor: 'pointer' }, onClick: again },
      'Read again',
    ),
    h(Drawing, { view: { model: 'log', lines: data.lines } }),
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
  const choice = choices[Number(chosen)];
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
          { style: control, value: chosen, onChange: (event) => setChosen(event.target.value) },
          h('option', { value: '' }, 'Choose one'),
          choices.map(({ cluster, namespace, pod, container, restarts }, index) =>
            h(
              'option',
              { key: `${cluster}/${namespace}/${pod}/${container}`, value: String(index) },
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
    choice && chosen !== '' ? h(Log, { entityRef, choice, previous }) : null,
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
