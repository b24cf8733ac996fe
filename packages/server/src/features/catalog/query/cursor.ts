import type { JsonObject } from '@callboard/model';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { queryErrors } from './errors.ts';
import { limits } from './limits.ts';
import type { OrderField } from './order.ts';
import { normalizeOrder } from './order.ts';
import { parseCarriedPredicate, predicateToJson } from './parse-predicate.ts';
import type { EntityPredicate } from '../../../core/predicate/index.ts';

/** A text that must occur in one of the fields. */
export type TextFilter = { term: string; fields?: string[] };

/** The values of one entity that decide its place: one per order field (null where it has none), then its ref. */
export type SortValues = (string | null)[];

/** A place in a sorted list of entities, with everything that makes the list. */
export type EntityCursor = {
  orderFields: OrderField[];
  /** the entity before (or, going back, behind) which the page ends */
  orderFieldValues: SortValues;
  predicate?: EntityPredicate;
  fullTextFilter?: TextFilter;
  isPrevious: boolean;
  /** the first entity of the first page: there is nothing to go back to before it */
  firstSortFieldValues?: SortValues;
  totalItems?: number;
  /** page size, for clients that pass it on in the cursor only */
  limit?: number;
};

const text = (maxLength: number) => ({ type: 'string', maxLength });
const sortValues = {
  type: 'array',
  minItems: 1,
  maxItems: limits.orderFields + 1,
  items: { ...text(2000), nullable: true },
};
const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['orderFields', 'orderFieldValues', 'isPrevious'],
  properties: {
    orderFields: {
      type: 'array',
      maxItems: limits.orderFields,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['field', 'order'],
        properties: { field: { ...text(limits.field), minLength: 1 }, order: { enum: ['asc', 'desc'] } },
      },
    },
    orderFieldValues: sortValues,
    firstSortFieldValues: sortValues,
    query: { type: 'object' },
    fullTextFilter: {
      type: 'object',
      additionalProperties: false,
      required: ['term'],
      properties: {
        term: text(limits.text),
        fields: { type: 'array', maxItems: limits.fields, items: text(limits.field) },
      },
    },
    isPrevious: { type: 'boolean' },
    totalItems: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
    limit: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  },
};

let validate: ValidateFunction | undefined;

/** No database has stored anything else, and some refuse to compare with it. */
const storedForm = (value: string | null) => (value === null ? null : value.toWellFormed().replaceAll('\0', '\uFFFD'));

type CursorJson = Omit<EntityCursor, 'predicate'> & { query?: JsonObject };

/** Writes a cursor as clients carry it: base64 of JSON. It is not a secret and not trusted when it comes back. */
export function encodeCursor({ predicate, ...rest }: EntityCursor): string {
  const json: CursorJson = { ...rest, ...(predicate && { query: predicateToJson(predicate) }) };
  return Buffer.from(JSON.stringify(json), 'utf8').toString('base64');
}

/** Reads base64 JSON, or says why not; nothing of it is trusted yet. */
export function decodeBase64Json(encoded: string): unknown {
  if (!/^[\w+/-]+={0,2}$/.test(encoded)) throw queryErrors.cursorInvalid({ reason: 'it is not base64' });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64')));
  } catch (cause) {
    throw queryErrors.cursorInvalid({ reason: 'it does not hold JSON' }, { cause });
  }
}

/**
 * Reads a cursor that a client brought, checking every part.
 *
 * @throws AppError 400 for one that the portal did not make
 */
export function decodeCursor(encoded: string): EntityCursor {
  const value = decodeBase64Json(encoded);
  validate ??= new Ajv({ allErrors: false }).compile(schema);
  if (!validate(value)) {
    const fault = validate.errors?.[0];
    throw queryErrors.cursorInvalid({
      reason: `${fault?.instancePath || 'it'} ${fault?.message ?? 'is not a cursor'}`,
    });
  }
  const { query, ...carried } = value as CursorJson;
  const rest = {
    ...carried,
    orderFieldValues: carried.orderFieldValues.map(storedForm),
    ...(carried.firstSortFieldValues && { firstSortFieldValues: carried.firstSortFieldValues.map(storedForm) }),
  };
  const orderFields = normalizeOrder(rest.orderFields);
  for (const values of [rest.orderFieldValues, rest.firstSortFieldValues])
    if (values && (values.length !== orderFields.length + 1 || values.at(-1) === null))
      throw queryErrors.cursorInvalid({ reason: 'its values do not fit its order fields' });
  return { ...rest, orderFields, ...(query && { predicate: parseCarriedPredicate(query) }) };
}
