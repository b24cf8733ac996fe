import type { Entity } from '@callboard/model';
import { IconCode, IconExternalLink } from '@tabler/icons-react';
import { useState } from 'react';
import { safeUrl, textAt } from '../../entity.ts';
import { isContact } from '../contact.ts';
import classes from './Answers.module.css';

const shownAtFirst = 5;

/** Where its code is, its dashboard, its runbook. */
export function Links({ entity }: { entity: Entity }) {
  const [all, setAll] = useState(false);
  const code = safeUrl(textAt(entity, 'metadata.annotations.backstage.io/source-location')?.replace(/^url:/, ''));
  const links = (entity.metadata.links ?? [])
    .filter((link) => !isContact(link))
    .map(({ url, title }) => ({ url, title, href: safeUrl(url) }));
  if (links.length === 0 && !code)
    return <p className={classes.none}>None: add metadata.links for the dashboard, the runbook, the docs.</p>;
  const shown = all ? links : links.slice(0, shownAtFirst);
  return (
    <ul className={classes.links}>
      {code ? (
        <li>
          <a href={code} rel="noreferrer" title={code}>
            <IconCode size="0.875rem" aria-hidden />
            <span>Source code</span>
          </a>
        </li>
      ) : null}
      {shown.map(({ href, url, title }) => (
        <li key={`${url} ${title}`}>
          {href ? (
            <a href={href} rel="noreferrer" title={url}>
              <IconExternalLink size="0.875rem" aria-hidden />
              <span>{title ?? url}</span>
            </a>
          ) : (
            <span title={`Not a web address: ${url}`}>{title ?? url} (not a web address)</span>
          )}
        </li>
      ))}
      {shown.length < links.length ? (
        <li>
          <button type="button" className={classes.all} onClick={() => setAll(true)}>
            {links.length - shown.length} more
          </button>
        </li>
      ) : null}
    </ul>
  );
}
