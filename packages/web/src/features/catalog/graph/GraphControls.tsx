import type { ChangeEvent, ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { kindsQuery } from '../api.ts';
import { relationTitle } from '../entity.ts';
import { useKinds } from '../kinds.ts';
import { deepest, follows, layouts, type GraphSettings } from './settings.ts';
import classes from './Graph.module.css';

const followWords: Record<GraphSettings['follow'], string> = {
  both: 'Both ways',
  outgoing: 'What it points to',
  incoming: 'What points to it',
};
const layoutWords: Record<GraphSettings['layout'], string> = {
  LR: 'Left to right',
  TB: 'Downwards',
  RL: 'Right to left',
  BT: 'Upwards',
};

type ControlsProps = { settings: GraphSettings; onChange: (change: Partial<GraphSettings>) => void };

/** What the graph shows; the browser's own lists and boxes, which every keyboard knows. */
export function GraphControls({ settings, onChange }: ControlsProps) {
  const { pluralOf } = useKinds();
  const { data } = useQuery(kindsQuery);
  const kinds = (data?.items ?? []).filter(({ count }) => count > 0);
  const pairs = new Map(kinds.flatMap(({ relations }) => relations).map((pair) => [pair.type, pair]));
  const isChosen = ({ type, inverse }: { type: string; inverse: string }) =>
    settings.relations.includes(type) || settings.relations.includes(inverse);
  const chosenPairs = [...pairs.values()].filter(isChosen);
  return (
    <div className={classes.controls} role="group" aria-label="What is shown">
      <Choice
        label="Steps"
        value={String(settings.depth)}
        options={Array.from({ length: deepest }, (_, index) => [String(index + 1), String(index + 1)])}
        onChange={(value) => onChange({ depth: Number(value) })}
      />
      <Choice
        label="Follow"
        value={settings.follow}
        options={follows.map((each) => [each, followWords[each]])}
        onChange={(value) => onChange({ follow: value as GraphSettings['follow'] })}
      />
      <Several
        label="Kinds"
        summary={settings.kinds.length === 0 ? 'all' : String(settings.kinds.length)}
        options={kinds.map(({ kind }) => ({
          label: pluralOf(kind),
          checked: settings.kinds.includes(kind.toLowerCase()),
          toggle: () => onChange({ kinds: toggled(settings.kinds, kind.toLowerCase()) }),
        }))}
      />
      <Several
        label="Relations"
        summary={chosenPairs.length === 0 ? 'all' : String(chosenPairs.length)}
        options={[...pairs.values()].map((pair) => ({
          label: `${relationTitle(pair.type)} · ${relationTitle(pair.inverse).toLowerCase()}`,
          checked: isChosen(pair),
          toggle: () =>
            onChange({
              relations: isChosen(pair)
                ? settings.relations.filter((each) => each !== pair.type && each !== pair.inverse)
                : [...settings.relations, pair.type],
            }),
        }))}
      />
      <Choice
        label="Drawn"
        value={settings.layout}
        options={layouts.map((each) => [each, layoutWords[each]])}
        onChange={(value) => onChange({ layout: value as GraphSettings['layout'] })}
      />
      <label className={classes.check}>
        <input
          type="checkbox"
          checked={settings.outward}
          onChange={(event) => onChange({ outward: event.currentTarget.checked })}
        />
        Only outwards
      </label>
    </div>
  );
}

const toggled = (list: string[], value: string) =>
  list.includes(value) ? list.filter((each) => each !== value) : [...list, value];

function Choice(props: {
  label: string;
  value: string;
  options: [value: string, label: string][];
  onChange: (value: string) => void;
}) {
  return (
    <label className={classes.choice}>
      <span>{props.label}</span>
      <select
        value={props.value}
        onChange={(event: ChangeEvent<HTMLSelectElement>) => props.onChange(event.currentTarget.value)}
      >
        {props.options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

type Option = { label: string; checked: boolean; toggle: () => void };

function Several({ label, summary, options }: { label: string; summary: ReactNode; options: Option[] }) {
  return (
    <details className={classes.several}>
      <summary>
        <span>{label}</span> {summary}
      </summary>
      <ul className={classes.options} aria-label={label}>
        {options.map((option) => (
          <li key={option.label}>
            <label className={classes.check}>
              <input type="checkbox" checked={option.checked} onChange={option.toggle} />
              {option.label}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
