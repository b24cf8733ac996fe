import type { DocsSiteResponse } from '@callboard/model/http';
import { IconAlertTriangle, IconBook } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { StarButton } from '../../../core/session/index.ts';
import { count } from '../../../core/ui/index.ts';
import { EntityLink } from '../../catalog/index.ts';
import { pageHref } from '../address.ts';
import { ReadingSettings } from './ReadingSettings.tsx';
import classes from './ReaderHeader.module.css';

type ReaderHeaderProps = {
  site: DocsSiteResponse;
  base: string;
  /** Address of the documents outside the entity's page, where versions and the report are. */
  docs: string;
  path: string;
  version?: string | undefined;
  report: boolean;
  embedded: boolean;
};

/** Whose documents these are, which version, and how they are read. */
export function ReaderHeader({ site, base, docs, path, version, report, embedded }: ReaderHeaderProps) {
  const problems = site.notes.filter(({ severity }) => severity !== 'information').length;
  return (
    <header className={classes.header}>
      <div className={classes.title}>
        <IconBook size="1.125rem" stroke={1.6} aria-hidden />
        <a href={pageHref(base, '', version)}>{site.title}</a>
      </div>
      <div className={classes.facts}>
        {embedded ? null : (
          <span>
            of <EntityLink entityRef={site.entityRef} />
          </span>
        )}
        {site.owner ? (
          <span>
            owned by <EntityLink entityRef={site.owner.ref} icon={false} />
          </span>
        ) : null}
        {site.borrowedBy !== undefined && embedded ? (
          <span>
            documents of <EntityLink entityRef={site.entityRef} />
          </span>
        ) : null}
      </div>
      <div className={classes.actions}>
        <VersionSelect site={site} docs={docs} path={path} />
        {site.form === 'static' ? null : (
          <a
            className={classes.action}
            href={report ? pageHref(docs, '') : `${docs}?view=report`}
            aria-current={report ? 'page' : undefined}
          >
            {problems > 0 ? <IconAlertTriangle size="0.9375rem" aria-hidden /> : null}
            {problems > 0 ? count(problems, 'problem') : 'Report'}
          </a>
        )}
        {embedded ? (
          <a className={classes.action} href={pageHref(docs, path, version)}>
            Open alone
          </a>
        ) : (
          <StarButton entityRef={site.borrowedBy ?? site.entityRef} name={site.entityTitle} size="1.125rem" />
        )}
        {site.form === 'static' ? null : <ReadingSettings />}
      </div>
    </header>
  );
}

function VersionSelect({ site, docs, path }: { site: DocsSiteResponse; docs: string; path: string }) {
  const router = useRouter();
  if (site.versions.length < 2) return null;
  const current = site.versions.find(({ isCurrent }) => isCurrent)?.name ?? '';
  const group = (kind: 'branch' | 'tag', label: string) => {
    const each = site.versions.filter((version) => version.kind === kind);
    return each.length === 0 ? null : (
      <optgroup label={label}>
        {each.map(({ name, isCurrent }) => (
          <option key={name} value={name}>
            {isCurrent ? `${name} (current)` : name}
          </option>
        ))}
      </optgroup>
    );
  };
  return (
    <label className={classes.version}>
      <span>Version</span>
      <select
        value={site.version ?? current}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          router.history.push(pageHref(docs, path, chosen === current ? undefined : chosen));
        }}
      >
        {group('branch', 'Branches')}
        {group('tag', 'Tags')}
      </select>
    </label>
  );
}
