import { termKey } from '@callboard/model';
import { queryErrors } from './errors.ts';
import { limits } from './limits.ts';

/** One field that results are sorted by. */
export type OrderField = { field: string; order: 'asc' | 'desc' };

const isOrder = (text: string): text is 'asc' | 'desc' => text === 'asc' || text === 'desc';

/** Keys in stored form, each once: sorting twice by one field changes nothing. */
export function normalizeOrder(fields: readonly OrderField[]): OrderField[] {
  if (fields.length > limits.orderFields)
    throw queryErrors.orderInvalid({
      order: `${fields.length} fields`,
      expected: `at most ${limits.orderFields} order fields`,
      example: 'metadata.name',
    });
  const seen = new Map<string, OrderField>();
  for (const { field, order } of fields) {
    const key = termKey(field.trim());
    if (!key || key.length > limits.field)
      throw queryErrors.orderInvalid({
        order: key.slice(0, 100),
        expected: 'the path of a field',
        example: 'metadata.name',
      });
    if (!seen.has(key)) seen.set(key, { field: key, order });
  }
  return [...seen.values()];
}

/** Reads `orderField=<path>,<asc|desc>`; ascending when nothing is said. */
export function parseOrderFields(texts: readonly string[] | undefined): OrderField[] {
  const fields = (texts ?? []).map((text) => {
    const [field = '', order = 'asc', ...more] = text.split(',');
    if (!isOrder(order.trim()) || more.length > 0)
      throw queryErrors.orderInvalid({
        order: text.slice(0, 100),
        expected: '<path>,asc or <path>,desc',
        example: 'metadata.name,asc',
      });
    return { field, order: order.trim() as OrderField['order'] };
  });
  return normalizeOrder(fields);
}

/** Reads `order=<asc|desc>:<path>`. */
export function parseOrders(texts: readonly string[] | undefined): OrderField[] {
  const fields = (texts ?? []).map((text) => {
    const colon = text.indexOf(':');
    const order = text.slice(0, Math.max(colon, 0));
    if (!isOrder(order))
      throw queryErrors.orderInvalid({
        order: text.slice(0, 100),
        expected: 'asc:<path> or desc:<path>',
        example: 'asc:metadata.name',
      });
    return { field: text.slice(colon + 1), order };
  });
  return normalizeOrder(fields);
}
