import type { JsonObject, JsonValue } from '@callboard/model';
import { isJsonObject } from '@callboard/model';
import { quietTable } from '../../../core/ui/index.ts';
import classes from './Reference.module.css';

type Line = { name: string; type: string; isRequired: boolean; description: string; detail: string };

const typeOf = (schema: JsonObject): string => {
  const { type, items, enum: values, anyOf, oneOf } = schema;
  const choices = [anyOf, oneOf].find(Array.isArray);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (choices) return [...new Set(choices.filter(isJsonObject).map(typeOf))].join(' | ');
  const own = [type ?? []].flat().map(String).join(' | ');
  return own === 'array' && isJsonObject(items) ? `${typeOf(items) || 'anything'}[]` : own;
};

/** The properties of a schema with those within, as one list. */
function linesOf(schema: JsonObject, path = '', depth = 0): Line[] {
  const required = new Set([schema['required'] ?? []].flat());
  return Object.entries(isJsonObject(schema['properties']) ? schema['properties'] : {}).flatMap(
    ([name, property]: [string, JsonValue]): Line[] => {
      if (!isJsonObject(property)) return [];
      const inner = isJsonObject(property['items']) ? property['items'] : property;
      const here = `${path}${name}`;
      const { description, title, default: preset } = property;
      return [
        {
          name: here,
          type: typeOf(property),
          isRequired: required.has(name),
          description: [description, title].find((text) => typeof text === 'string') ?? '',
          detail: preset === undefined ? '' : `default ${JSON.stringify(preset)}`,
        },
        ...(depth < 3 ? linesOf(inner, `${here}${inner === property ? '' : '[]'}.`, depth + 1) : []),
      ];
    },
  );
}

/** What an action takes or gives. */
export function SchemaTable({ label, schema }: { label: string; schema: JsonObject }) {
  const lines = linesOf(schema);
  if (lines.length === 0) return null;
  return (
    <table className={`${quietTable} ${classes.table}`} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{label}</th>
          <th scope="col">Type</th>
          <th scope="col">What it is</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, type, isRequired, description, detail }) => (
          <tr key={name}>
            <td>
              <code>{name}</code>
              {isRequired ? <small> required</small> : null}
            </td>
            <td>
              <code>{type}</code>
            </td>
            <td>
              {description} {detail ? <span className={classes.dim}>{detail}</span> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
