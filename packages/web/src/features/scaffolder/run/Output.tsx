import type { JsonObject } from '@callboard/model';
import { IconExternalLink } from '@tabler/icons-react';
import { AppLink, Copyable, Prose } from '../../../core/ui/index.ts';
import { entityTarget, KindIcon, readRef, safeUrl, shortRef } from '../../catalog/index.ts';
import classes from './Run.module.css';

type OutputLink = { title?: string; url?: string; entityRef?: string };
type OutputText = { title?: string; content?: string };

const list = <Item,>(value: unknown): Item[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];

/** An address of a link: within the portal, elsewhere, or none that a browser could follow. */
function Target({ link }: { link: OutputLink }) {
  const title = link.title ?? link.url ?? link.entityRef ?? 'Link';
  const entity = link.entityRef ? readRef(link.entityRef, 'component', 'default') : undefined;
  if (entity)
    return (
      <span className={classes.outputLink}>
        <KindIcon kind={entity.kind} size="0.875rem" />
        <AppLink {...entityTarget(entity)}>{link.title ?? shortRef(entity)}</AppLink>
        {link.title ? <span className={classes.dim}>{shortRef(entity)}</span> : null}
      </span>
    );
  if (link.url?.startsWith('/')) return <AppLink to={link.url}>{title}</AppLink>;
  const url = safeUrl(link.url);
  if (url)
    return (
      <a href={url} target="_blank" rel="noreferrer" className={classes.outputLink}>
        {title} <IconExternalLink size="0.875rem" aria-label="(elsewhere)" />
      </a>
    );
  return link.url ? (
    <span className={classes.outputLink}>
      <span className={classes.dim}>{link.title}</span>
      <Copyable text={link.url.replace(/^file:\/\//, '')} label="Copy the address" />
    </span>
  ) : null;
}

/** What the run left: links first, then texts, then what else it says. */
export function Output({ output, entityRefs }: { output: JsonObject | undefined; entityRefs: string[] }) {
  const links = list<OutputLink>(output?.['links']);
  const texts = list<OutputText>(output?.['text']);
  const named = new Set(links.flatMap(({ entityRef }) => (entityRef ? [entityRef] : [])));
  const others = entityRefs.filter((ref) => !named.has(ref));
  const rest = Object.entries(output ?? {}).filter(
    (entry): entry is [string, string] => entry[0] !== 'links' && entry[0] !== 'text' && typeof entry[1] === 'string',
  );
  if (links.length + texts.length + others.length + rest.length === 0) return null;
  return (
    <section className={classes.output} aria-label="What was made">
      {links.length + others.length > 0 ? (
        <ul className={classes.links}>
          {links.map((link, index) => (
            <li key={index}>
              <Target link={link} />
            </li>
          ))}
          {others.map((ref) => (
            <li key={ref}>
              <Target link={{ entityRef: ref }} />
            </li>
          ))}
        </ul>
      ) : null}
      {texts.map(({ title, content }, index) => (
        <div key={index} className={classes.text}>
          {title ? <h2>{title}</h2> : null}
          <Prose text={content} />
        </div>
      ))}
      {rest.length > 0 ? (
        <dl className={classes.values}>
          {rest.map(([key, value]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>
                <Copyable text={value} label={`Copy ${key}`} />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </section>
  );
}
