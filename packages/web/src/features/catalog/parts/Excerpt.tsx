import { useQuery } from '@tanstack/react-query';
import { ErrorState, SkeletonRows } from '../../../core/ui/index.ts';
import { type Excerpt as ExcerptLines, excerptQuery } from '../editor/api.ts';
import classes from './Excerpt.module.css';

/** The lines of an excerpt as plain text, the faulty one marked. */
export const excerptText = ({ lines, firstLine, line }: ExcerptLines): string =>
  lines.map((text, index) => `${firstLine + index === line ? '>' : ' '} ${firstLine + index} | ${text}`).join('\n');

/** The lines around a problem as the file has them now, with the faulty place marked. */
export function Excerpt({ problem }: { problem: number }) {
  const { data, error, refetch } = useQuery({ ...excerptQuery(problem), retry: false });
  if (error && !data)
    return <ErrorState error={error} what="The lines could not be read" onRetry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={5} label="Loading the lines" />;
  return (
    // A region that scrolls must be reachable by the keyboard.
    <pre className={classes.excerpt} tabIndex={0} role="region" aria-label={`Line ${data.line} and what is around it`}>
      <code>
        {data.lines.map((text, index) => {
          const line = data.firstLine + index;
          const isFaulty = line === data.line;
          const at = isFaulty ? Math.min((data.column ?? 1) - 1, text.length) : text.length;
          const end = at + (/^[^\s:]+/.exec(text.slice(at))?.[0].length ?? 0);
          return (
            <span key={line} className={classes.line} data-faulty={isFaulty || undefined}>
              <span className={classes.number}>{line}</span>
              {text.slice(0, at)}
              {end > at ? <mark className={classes.mark}>{text.slice(at, end)}</mark> : null}
              {text.slice(end)}
              {'\n'}
            </span>
          );
        })}
      </code>
    </pre>
  );
}
