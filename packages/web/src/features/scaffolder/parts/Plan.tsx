import type { DryRunResponse } from '@callboard/model/http';
import { Suspense, useId, useMemo, useState } from 'react';
import { count, SkeletonRows, Status, type StatusLevel } from '../../../core/ui/index.ts';
import { LineDiff } from '../../catalog/index.ts';
import { textOf } from './files.ts';
import { FileText } from './FileText.tsx';
import { FileTree, type FileMark } from './FileTree.tsx';
import classes from './Plan.module.css';

export type PlanResult = DryRunResponse;

const levels: Record<string, StatusLevel> = {
  completed: 'ok',
  failed: 'failing',
  skipped: 'unknown',
  processing: 'unknown',
};
const statusWords: Record<string, string> = { completed: 'would run', failed: 'cannot be known', skipped: 'left out' };

/** Files that are new or different since the plan that was looked at before. */
function marksBetween(before: PlanResult | undefined, now: PlanResult): Map<string, FileMark> {
  const marks = new Map<string, FileMark>();
  if (!before) return marks;
  const old = new Map(before.directoryContents.map(({ path, base64Content }) => [path, base64Content]));
  for (const { path, base64Content } of now.directoryContents) {
    const was = old.get(path);
    if (was === undefined) marks.set(path, 'new');
    else if (was !== base64Content) marks.set(path, 'changed');
  }
  return marks;
}

/** What a run would do: outside effects in words, what is not known yet, and every file with its text. */
export function Plan({ plan, before }: { plan: PlanResult; before?: PlanResult | undefined }) {
  return (
    <div className={classes.plan}>
      <Effects plan={plan} />
      <Unknown plan={plan} />
      {plan.changes.map((change, index) => (
        <Changes key={`${change.step} ${index}`} change={change} />
      ))}
      <Made plan={plan} before={before} />
      <Steps plan={plan} />
    </div>
  );
}

function Effects({ plan: { effects } }: { plan: PlanResult }) {
  return (
    <section aria-labelledby="plan-effects">
      <h2 id="plan-effects">What happens outside</h2>
      {effects.length === 0 ? (
        <p className={classes.dim}>Nothing: this makes files only.</p>
      ) : (
        <ol className={classes.effects}>
          {effects.map((effect, index) => (
            <li key={index}>{effect}</li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Unknown({ plan: { missing, warnings, error } }: { plan: PlanResult }) {
  const told = new Set(missing.map(({ reason }) => reason));
  const others = [...new Set(warnings)].filter((warning) => !told.has(warning) && warning !== error?.message);
  if (missing.length === 0 && others.length === 0 && !error) return null;
  return (
    <section aria-labelledby="plan-unknown" className={classes.unknown}>
      <h2 id="plan-unknown">Before you go on</h2>
      <ul>
        {error && !told.has(error.message) ? (
          <li>
            <Status level="failing" label={error.message} isSentence />
            {error.fix ? <p className={classes.dim}>{error.fix}</p> : null}
          </li>
        ) : null}
        {missing.map(({ step, action, value, reason, fix }, index) => (
          <li key={index}>
            <Status level="warning" label={`${step}: ${reason}`} isSentence />
            <p className={classes.dim}>
              {[action, value].filter(Boolean).map((each) => (
                <span key={each}>
                  <code>{each}</code>
                  {' · '}
                </span>
              ))}
              {fix}
            </p>
          </li>
        ))}
        {others.map((warning) => (
          <li key={warning}>
            <Status level="warning" label={warning} isSentence />
          </li>
        ))}
      </ul>
    </section>
  );
}

type Change = PlanResult['changes'][number];

/** What becomes of a repository that exists: its files beside those that would be put in. */
function Changes({ change: { place, branch, same, files } }: { change: Change }) {
  const marks = useMemo(
    () => new Map(files.map(({ path, kind }): [string, FileMark] => [path, kind === 'added' ? 'new' : 'changed'])),
    [files],
  );
  const [chosen, setChosen] = useState<string>();
  const file = files.find(({ path }) => path === chosen) ?? files.find(({ kind }) => kind === 'changed') ?? files[0];
  const id = useId();
  const before = file?.base64Before === undefined ? undefined : textOf(file.base64Before);
  const after = file && textOf(file.base64Content);
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        What changes in {place}{' '}
        <span className={classes.dim}>
          {branch === undefined ? '' : `compared with ${branch}; `}
          {same === 0 ? 'everything else stays as it is' : `${count(same, 'file')} would stay as they are`}
        </span>
      </h2>
      {file === undefined ? (
        <p className={classes.dim}>Nothing: all files are there already.</p>
      ) : (
        <div className={classes.files}>
          <FileTree
            paths={files.map(({ path }) => path)}
            current={file.path}
            marks={marks}
            onOpen={setChosen}
            label={`Files that change in ${place}`}
          />
          <div className={classes.shown}>
            {before !== undefined && after !== undefined ? (
              <Suspense fallback={<SkeletonRows rows={6} />}>
                <LineDiff before={before} after={after} label={`Changes of ${file.path} in ${place}`} />
              </Suspense>
            ) : (
              <FileText path={file.path} base64Content={file.base64Content} executable={file.executable} />
            )}
          </div>
        </div>
      )}
    </section>
  );
}

const firstToShow = (paths: string[]): string | undefined =>
  ['README.md', 'catalog-info.yaml'].find((name) => paths.includes(name)) ?? paths[0];

function Made({ plan, before }: { plan: PlanResult; before: PlanResult | undefined }) {
  const files = plan.directoryContents;
  const paths = useMemo(() => files.map(({ path }) => path), [files]);
  const marks = useMemo(() => marksBetween(before, plan), [before, plan]);
  const [chosen, setChosen] = useState<string>();
  const current = chosen !== undefined && paths.includes(chosen) ? chosen : firstToShow(paths);
  const file = files.find(({ path }) => path === current);
  const [isCompared, setCompared] = useState(false);
  const old = before?.directoryContents.find(({ path }) => path === current);
  const [was, now] = [old && textOf(old.base64Content), file && textOf(file.base64Content)];
  const canCompare =
    current !== undefined && marks.get(current) === 'changed' && was !== undefined && now !== undefined;
  const gone = before?.directoryContents.filter(({ path }) => !paths.includes(path)) ?? [];
  return (
    <section aria-labelledby="plan-files">
      <h2 id="plan-files">
        {count(files.length, 'file')}
        {marks.size > 0 ? <span className={classes.dim}> {marks.size} different since you looked last</span> : null}
      </h2>
      {gone.length > 0 ? (
        <p className={classes.dim}>No longer made: {gone.map(({ path }) => path).join(', ')}</p>
      ) : null}
      {file === undefined ? (
        <p className={classes.dim}>No file is made.</p>
      ) : (
        <div className={classes.files}>
          <FileTree paths={paths} current={current} marks={marks} onOpen={setChosen} label="Files that will be made" />
          <div className={classes.shown}>
            {canCompare ? (
              <label className={classes.compare}>
                <input
                  type="checkbox"
                  checked={isCompared}
                  onChange={(event) => setCompared(event.currentTarget.checked)}
                />
                Show what differs from the last look
              </label>
            ) : null}
            {canCompare && isCompared ? (
              <Suspense fallback={<SkeletonRows rows={6} />}>
                <LineDiff before={was} after={now} label={`Changes of ${file.path}`} />
              </Suspense>
            ) : (
              <FileText {...file} />
            )}
          </div>
        </div>
      )}
    </section>
  );
}

function Steps({ plan: { steps, log } }: { plan: PlanResult }) {
  return (
    <details className={classes.steps}>
      <summary>{count(steps.length, 'step')} and the log of trying it</summary>
      <ol>
        {steps.map(({ id, name, action, status, error }) => (
          <li key={id}>
            <Status level={levels[status] ?? 'unknown'} label={statusWords[status] ?? status} /> {name}{' '}
            <code>{action}</code>
            {error ? <p className={classes.dim}>{error.message}</p> : null}
          </li>
        ))}
      </ol>
      {log.length > 0 ? (
        <pre tabIndex={0} role="region" aria-label="Log of the dry run">
          {log.map(({ body }) => `${body.stepId ? `${body.stepId}: ` : ''}${body.message}`).join('\n')}
        </pre>
      ) : null}
    </details>
  );
}
