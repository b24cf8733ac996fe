import type { SearchResponse } from '@callboard/model/http';
import { grouped } from '../../../core/ui/index.ts';
import { useKinds } from '../../catalog/index.ts';
import { facetLabels, facetNames, toggleFacet, type FacetName, type Question } from '../address.ts';
import type { Names } from '../names.ts';
import classes from './FacetLists.module.css';

const shown = 8;

/** What the results have in common, with the number that each choice leaves. What is chosen stays in sight. */
export function FacetLists(props: {
  question: Question;
  counts: SearchResponse['facets'];
  names: Names;
  onChange: (question: Question) => void;
}) {
  const { question, counts = {}, names, onChange } = props;
  const kinds = useKinds();
  const called = (name: FacetName, value: string): string =>
    name === 'kind' ? kinds.titleOf(value) : name === 'owner' || name === 'system' ? names(value) : value;
  return facetNames.map((name) => {
    const chosen = question.chosen[name];
    const known = counts[name] ?? [];
    const has = (value: string) => chosen.some((other) => other.toLowerCase() === value.toLowerCase());
    const gone = chosen.filter((value) => !known.some((each) => each.value.toLowerCase() === value.toLowerCase()));
    const values = [
      ...gone.map((value) => ({ value, count: 0 })),
      ...known.filter(({ value }, index) => index < shown || has(value)),
    ];
    if (values.length === 0) return null;
    return (
      <fieldset key={name} className={classes.facet}>
        <legend className={classes.label}>{facetLabels[name]}</legend>
        {values.map(({ value, count }) => (
          <label key={value} className={classes.value}>
            <input
              type="checkbox"
              checked={has(value)}
              onChange={() =>
                onChange(
                  toggleFacet(
                    question,
                    name,
                    chosen.find((other) => other.toLowerCase() === value.toLowerCase()) ?? value,
                  ),
                )
              }
            />
            <span className={classes.name}>{called(name, value)}</span>{' '}
            <span className={classes.count}>{grouped(count)}</span>
          </label>
        ))}
      </fieldset>
    );
  });
}
