import type { SearchResult } from '@callboard/model/http';
import { useFeatures } from '../../../core/router/index.ts';
import { AppLink } from '../../../core/ui/index.ts';
import { KindIcon, useKinds } from '../../catalog/index.ts';
import type { Names } from '../names.ts';
import { typeIcons, typeLabels } from '../types.ts';
import { Marked } from './Marked.tsx';
import classes from './Result.module.css';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** One thing that was found: what it is called, what it is, and the stretch of text that has the words. */
export function Result({ result, names, onOpen }: { result: SearchResult; names: Names; onOpen: () => void }) {
  const kinds = useKinds();
  const { document, highlight } = result;
  const part = useFeatures()
    .flatMap(({ searchResults = [] }) => searchResults)
    .find(({ type: drawn }) => drawn === result.type);
  const [path = '', hash] = document.location.split(/#(.*)/s);
  const kind = text(document['kind']);
  const type = text(document['componentType']);
  const owner = text(document['owner']);
  const Icon = typeIcons[result.type];
  const facts = [
    result.type === 'software-catalog' ? kind && kinds.titleOf(kind) : text(document['operationType']),
    // What an entity is says nothing about its documents.
    Icon || type === 'other' ? undefined : type,
    text(document['entityTitle']),
    owner && names(owner),
  ].filter((fact) => fact !== undefined);
  const marked = (field: 'title' | 'text') => highlight?.fields[field];
  const snippet = marked('text');
  if (part)
    return (
      <li className={classes.result}>
        <part.component result={result} open={onOpen} />
      </li>
    );
  return (
    <li className={classes.result}>
      <h2 className={classes.title}>
        {Icon ? (
          <Icon size="1rem" stroke={1.6} role="img" aria-label={typeLabels[result.type]} />
        ) : kind ? (
          <KindIcon kind={kind} />
        ) : null}
        <AppLink
          to={path}
          {...(hash && { hash: decodeURIComponent(hash) })}
          data-result=""
          className={classes.link}
          onClick={onOpen}
        >
          {highlight && marked('title') ? <Marked text={marked('title')!} tags={highlight} /> : document.title}
        </AppLink>
        <span className={classes.facts}>{facts.join(' · ')}</span>
      </h2>
      {snippet && highlight ? (
        <p className={classes.text}>
          <Marked text={snippet} tags={highlight} />
        </p>
      ) : document.text ? (
        <p className={classes.text}>{document.text.slice(0, 220)}</p>
      ) : null}
    </li>
  );
}
