/** A value in a message or where a text is expected: texts as they are, the rest as JSON. */
export const words = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
