/** Something that an API offers: a call, a channel, a field, a message. */
export type ApiOperation = {
  /** unique within the definition */
  id: string;
  /** what it is: `operation`, `channel`, `field`, `type`, `rpc`, `message`, `service` */
  type: string;
  /** as people read it: `POST /bookings` */
  title: string;
  /** operation id and other machine names */
  names: string[];
  /** method, path, tags, parameters */
  words: string[];
  text: string;
  deprecated?: boolean;
  /** where it stands on the page of the definition: the part of the address behind # */
  anchor?: string;
};

/** Longer definitions are read to here only. */
export const mostOperations = 2_000;

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 2_000) : '');
export const objectsOf = (value: unknown): [string, Json][] =>
  isObject(value) ? Object.entries(value).filter((entry): entry is [string, Json] => isObject(entry[1])) : [];
export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** Two texts as sentences, without empty ones. */
export const sentences = (...texts: string[]): string => texts.filter(Boolean).join('\n');
