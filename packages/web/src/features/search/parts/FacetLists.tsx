import type { SearchResponse } from '@callboard/model/http';
import { grouped } from '../../../core/ui/index.ts';
import { facetLabels, facetNames, toggleFacet, type FacetName, type Question } from '../address.ts';
import classes from './FacetLists.module.css';

const shown = 8;

/** `group:default/booking` as people say it. */
const shortName = (name: FacetName, value: string): string =>
  name === 'owner' || name === 'system' ? value.replace(/^[^:]+:(?:default\/)?/, '') : value;

/** What the results have in common, with the number that each choice leaves. What is chosen stays in sight. */
export function FacetLists(props: {
  question: Question;
  counts: SearchResponse['facets'];
  onChange: (question: Question) => void;
}) {
  const { question, counts = {}, onChange } = props;
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
            <span className={classes.name}>{shortName(name, value)}</span>{' '}
            <span className={classes.count}>{grouped(count)}</span>
          </label>
        ))}
      </fieldset>
    );
  });
}
