import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { May } from '../../../core/session/index.ts';
import { AppLink, copyText } from '../../../core/ui/index.ts';
import type { StoredProblem } from '../api.ts';
import { excerptQuery } from '../editor/api.ts';
import { messageOf } from '../problem-message.ts';
import { Excerpt, excerptText } from './Excerpt.tsx';
import classes from './ProblemItem.module.css';

/** What to do about a problem: see its lines, mend it, or tell its owner. */
export function ProblemActions({ problem }: { problem: StoredProblem }) {
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [said, setSaid] = useState('');
  const hasLines = problem.location !== undefined && problem.line !== undefined;
  const copy = async () => {
    const excerpt = hasLines ? await client.fetchQuery(excerptQuery(problem.id)).catch(() => undefined) : undefined;
    const link = new URL(hasLines ? `/catalog-edit?problem=${problem.id}` : '/problems', window.location.href).href;
    await copyText(messageOf(problem, link, excerpt && excerptText(excerpt)));
    setSaid('Copied');
  };
  return (
    <>
      <div className={classes.actions}>
        {hasLines ? (
          <>
            <button type="button" className={classes.action} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? 'Hide the lines' : 'Show the lines'}
            </button>
            <May permission="catalog.entity.validate">
              <AppLink to="/catalog-edit" search={{ problem: String(problem.id), line: String(problem.line) }}>
                Mend
              </AppLink>
            </May>
          </>
        ) : null}
        <button type="button" className={classes.action} onClick={() => void copy().catch(() => setSaid('Not copied'))}>
          Copy a message to the owner
        </button>
        <span role="status">{said}</span>
      </div>
      {isOpen ? <Excerpt problem={problem.id} /> : null}
    </>
  );
}
