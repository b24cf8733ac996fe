import type { TemplateSummary } from '@callboard/model/http';
import { StarButton } from '../../../core/session/index.ts';
import { AppLink, LinkButton, RelativeTime, Status } from '../../../core/ui/index.ts';
import { EntityLink, KindIcon } from '../../catalog/index.ts';
import { writeGallery, type Gallery } from '../address.ts';
import { saves } from '../parts/words.ts';
import classes from './Gallery.module.css';

/** One template on one row: what you get, whose it is, what others made of it. */
export function TemplateRow({ template, listing }: { template: TemplateSummary; listing: Gallery }) {
  const { ref, namespace, name, title, description, owner, tags, runs, completed, lastRunAt, minutesSaved, problem } =
    template;
  const page = `/create/templates/${namespace}/${name}`;
  return (
    <li className={classes.row}>
      <StarButton entityRef={ref} name={title} />
      <KindIcon kind="template" size="1.125rem" />
      <div className={classes.what}>
        <AppLink to={page} className={classes.name} data-row-link="">
          {title}
        </AppLink>
        {description ? <p>{description}</p> : null}
        <p className={classes.facts}>
          {owner ? <EntityLink entityRef={owner} defaultKind="group" icon={false} /> : null}
          {runs > 0 ? (
            <span>
              used {completed === 1 ? 'once' : `${completed} times`}
              {lastRunAt ? (
                <>
                  , last <RelativeTime at={lastRunAt} />
                </>
              ) : null}
            </span>
          ) : null}
          {minutesSaved ? <span>{saves(minutesSaved)}</span> : null}
          {tags.map((tag) => (
            <AppLink
              key={tag}
              to="."
              search={writeGallery({ ...listing, tags: listing.tags.includes(tag) ? [] : [tag] })}
              current={listing.tags.includes(tag) ? 'true' : undefined}
              className={classes.tag}
            >
              {tag}
            </AppLink>
          ))}
        </p>
        {problem ? <Status level="failing" label={problem} isSentence /> : null}
      </div>
      <LinkButton to={page} variant="default">
        Use
      </LinkButton>
    </li>
  );
}
