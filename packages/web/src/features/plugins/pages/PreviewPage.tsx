import { NativeSelect, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { PreviewPluginResponse } from '@callboard/model/http';
import type { ViewModel, ViewModelName } from '@callboard/model/plugins';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Drawing } from '../../../core/plugins/index.ts';
import { ErrorState, PageHeader, SkeletonRows, Status } from '../../../core/ui/index.ts';
import { preview } from '../api.ts';
import { Faults } from '../parts/Faults.tsx';
import classes from '../plugins.module.css';

const models: ViewModelName[] = ['table', 'stat', 'timeline', 'chart', 'log', 'markdown', 'links'];
const firstSample = `{
  "ships": [
    { "name": "Aurora", "delayMinutes": 4 },
    { "name": "Borealis", "delayMinutes": 0 }
  ]
}`;
const firstProgram = `{
  model: "table",
  columns: [
    { id: "ship", title: "Ship" },
    { id: "delay", title: "Delay", type: "duration" }
  ],
  rows: [.ships[] | { ship: .name, delay: (.delayMinutes * 60000) }]
}`;

const parsed = (text: string): { value: unknown; fault?: undefined } | { value?: undefined; fault: string } => {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { fault: (error as Error).message };
  }
};

/** Tries a view without code out: what the far side answers, what a jq program makes of it, and how the portal draws that. */
export function PreviewPage() {
  const [model, setModel] = useState<ViewModelName>('table');
  const [sample, setSample] = useState(firstSample);
  const [jq, setJq] = useState(firstProgram);
  const json = useMemo(() => parsed(sample), [sample]);
  const [asked] = useDebouncedValue({ model, jq, sample }, 300);
  const known = parsed(asked.sample);
  const { data, error, refetch } = useQuery({
    queryKey: ['plugin-preview', asked],
    queryFn: () => preview({ model: asked.model, jq: asked.jq, sample: known.value }),
    enabled: known.fault === undefined && asked.jq.trim() !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <>
      <PageHeader
        title="Try a view"
        description="For plugins without code: paste what an address answers, and write the jq program that makes a view of it. Nothing is installed or stored."
      />
      <div className={classes.preview}>
        <div className={classes.fields}>
          <Textarea
            label="What the address answers"
            description="Written as JSON."
            rows={10}
            spellCheck={false}
            classNames={{ input: classes.code ?? '' }}
            error={json.fault === undefined ? undefined : `This is no JSON: ${json.fault}`}
            value={sample}
            onChange={({ currentTarget }) => setSample(currentTarget.value)}
          />
          <Textarea
            label="jq program"
            rows={10}
            spellCheck={false}
            classNames={{ input: classes.code ?? '' }}
            value={jq}
            onChange={({ currentTarget }) => setJq(currentTarget.value)}
          />
          <NativeSelect
            label="View model"
            data={models}
            value={model}
            onChange={({ currentTarget }) => setModel(currentTarget.value as ViewModelName)}
          />
        </div>
        <section aria-label="What it makes" className={classes.result}>
          <h2>What it makes</h2>
          {error ? (
            <ErrorState error={error} what="It could not be tried out" onRetry={() => void refetch()} />
          ) : data ? (
            <Outcome outcome={data} />
          ) : (
            <SkeletonRows rows={4} label="Trying it out" />
          )}
        </section>
      </div>
    </>
  );
}

function Outcome({ outcome: { value, faults } }: { outcome: PreviewPluginResponse }) {
  return (
    <>
      {faults.length > 0 ? (
        <div role="alert">
          <Status level="failing" label="It is not the view model yet" />
          <Faults faults={faults} label="What is wrong" />
        </div>
      ) : (
        <Drawing view={value as ViewModel} />
      )}
      {value === undefined ? null : (
        <details className={classes.raw}>
          <summary>As JSON</summary>
          <pre role="region" aria-label="JSON" tabIndex={0}>
            {JSON.stringify(value, null, 2).slice(0, 20_000)}
          </pre>
        </details>
      )}
    </>
  );
}
