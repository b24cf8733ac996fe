import { type KeyboardEvent, useState } from 'react';
import { RelativeTime } from '../../../core/ui/index.ts';
import type { Descriptor } from '../editor/api.ts';
import { safeUrl } from '../entity.ts';
import { dotted } from './added.ts';
import classes from './SourceTab.module.css';

type DescriptorLinesProps = { descriptor: Descriptor; from: number; to: number };

/** A line on a page of a code host, where it knows such addresses. */
const lineOfPage = (address: string | undefined, line: number) => {
  const safe = safeUrl(address);
  return safe && /\/(?:blob|src)\//.test(safe) ? `${safe.replace(/#.*$/, '')}#L${line}` : safe;
};

/** The text with the numbers of the file; a line that holds a value says where it comes from and how old it is. */
export function DescriptorLines({ descriptor, from, to }: DescriptorLinesProps) {
  const lines = descriptor.text.split('\n').slice(from - 1, to);
  const values = new Map(
    descriptor.documents.flatMap((document) =>
      document.values.toReversed().map((value) => [value.line, value] as const),
    ),
  );
  const valued = lines.map((_, index) => from + index).filter((line) => values.has(line));
  const [active, setActive] = useState<number>();
  const first = active !== undefined && valued.includes(active) ? active : valued[0];
  const move = (event: KeyboardEvent<HTMLElement>, line: number) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step === undefined ? undefined : valued[valued.indexOf(line) + step];
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
    event.currentTarget.closest('pre')?.querySelector<HTMLElement>(`[data-line="${next}"]`)?.focus();
  };
  const shown = active === undefined ? undefined : values.get(active);
  return (
    <>
      <p className={classes.fact} role="status">
        {shown ? (
          <>
            <code>{dotted(shown.path)}</code> from <Place descriptor={descriptor} line={shown.line} />
            {descriptor.version ? (
              <>
                {' '}
                at commit <code>{descriptor.version.slice(0, 10)}</code>
              </>
            ) : null}
            , read <RelativeTime at={descriptor.readAt} />
            {descriptor.seenAt ? (
              <>
                , last seen true <RelativeTime at={descriptor.seenAt} />
              </>
            ) : null}
          </>
        ) : (
          'Point at a line, or move with the arrow keys, to see where its value comes from and how old it is.'
        )}
      </p>
      <pre className={classes.yaml} aria-label="YAML">
        <code>
          {lines.map((text, index) => {
            const line = from + index;
            const [, head = '', rest = text] = /^(\s*(?:- )*[\w./"'$-]+:)(?=\s|$)(.*)$/.exec(text) ?? [];
            const faulty = descriptor.problems.find((problem) => problem.line === line);
            return (
              <span
                key={line}
                id={`L${line}`}
                className={classes.line}
                data-active={active === line || undefined}
                data-faulty={faulty?.severity}
                title={faulty ? `${faulty.message} ${faulty.fix}` : undefined}
                onMouseEnter={() => values.has(line) && setActive(line)}
              >
                {values.has(line) ? (
                  <button
                    type="button"
                    className={classes.number}
                    data-line={line}
                    tabIndex={line === first ? 0 : -1}
                    aria-label={`Line ${line}: ${dotted(values.get(line)!.path)}`}
                    onFocus={() => setActive(line)}
                    onKeyDown={(event) => move(event, line)}
                  >
                    {line}
                  </button>
                ) : (
                  <span className={classes.number} aria-hidden="true">
                    {line}
                  </span>
                )}
                <span className={classes.key}>{head}</span>
                {rest}
                {'\n'}
              </span>
            );
          })}
        </code>
      </pre>
    </>
  );
}

function Place({ descriptor, line }: { descriptor: Descriptor; line: number }) {
  const page = lineOfPage(descriptor.viewUrl, line);
  const words = `${descriptor.location.replace(/^(file|url|git):/, '')} line ${line}`;
  return page ? <a href={page}>{words}</a> : <span>{words}</span>;
}
