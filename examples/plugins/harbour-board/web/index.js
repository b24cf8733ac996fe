import { createElement, useEffect, useState } from 'react';

/** The page: what lies in the harbour, asked from the plugin's own route. */
export function Board() {
  const [refs, setRefs] = useState();
  const [problem, setProblem] = useState();
  useEffect(() => {
    fetch('/api/plugins/harbour-board/board')
      .then(async (answer) => (answer.ok ? setRefs((await answer.json()).refs) : setProblem((await answer.json()).error.message)))
      .catch((error) => setProblem(error.message));
  }, []);
  if (problem) return createElement('p', { role: 'alert' }, problem);
  if (!refs) return createElement('p', null, 'Looking …');
  return createElement('ul', null, refs.map((ref) => createElement('li', { key: ref }, ref)));
}

/** The tab of an entity. */
export function Berth({ entity }) {
  const [knots, setKnots] = useState(0);
  return createElement(
    'section',
    null,
    createElement('p', null, `${entity?.metadata?.name ?? 'It'} ties up with ${knots} knots.`),
    createElement('button', { type: 'button', onClick: () => setKnots(knots + 1) }, 'One more'),
  );
}
