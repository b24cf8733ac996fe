/**
 * What an API offers, in one form for every way of writing it down: OpenAPI, AsyncAPI, GraphQL, protocol buffers, Avro. Types refer to each
 * other by id and are never written out inside one another, so that a circle of types is no circle here.
 */
import type { Problem } from './problem.ts';

export type ApiFormat = 'openapi' | 'asyncapi' | 'graphql' | 'proto' | 'avro' | 'text';

/** What a list says of an API. */
export type ApiSummary = {
  format: ApiFormat;
  /** of the format, such as 3.1.0 */
  formatVersion?: string;
  /** of the API itself */
  version?: string;
  operations: number;
  types: number;
  /** how much of the definition could not be understood */
  problems: number;
};

/** Everything but the operations and types themselves, which are asked for one by one. */
export type ApiOverview = ApiSummary & {
  title?: string;
  description?: string;
  facts: ApiFact[];
  servers: ApiServer[];
  security: ApiSecurity[];
  groups: { name: string; description?: string }[];
  lines: ApiLine[];
  typeLines: ApiTypeLine[];
  found: Problem[];
  /** how the text is to be coloured */
  language: 'yaml' | 'json' | 'graphql' | 'proto' | 'typescript' | 'text';
  /** what is not shown, because the definition is larger than what is read */
  leftOut?: string;
};

/** A name and its value; `href` when it leads somewhere. */
export type ApiFact = { name: string; value: string; href?: string };

export type ApiServer = { url: string; description?: string; protocol?: string; variables?: ApiField[] };

/** A way to sign in. `header`, `query` or `cookie` say where its value goes. */
export type ApiSecurity = { id: string; type: string; description?: string; facts: ApiFact[] };

/** One operation in the list: `GET /ports`, `receive booking.confirmed`, `query departures`, `rpc Plan`. */
export type ApiLine = {
  id: string;
  /** index in `groups` */
  group: number;
  verb: string;
  name: string;
  title?: string;
  deprecated?: true;
};

export type ApiTypeLine = { id: string; name: string; what: string; deprecated?: true };

/** An operation in full. */
export type ApiOperation = Omit<ApiLine, 'group'> & {
  description?: string;
  facts: ApiFact[];
  /** alternatives, each a list of what is needed together; an empty one: nothing is needed */
  security?: { id: string; scopes: string[] }[][];
  sections: ApiSection[];
  /** how it is called over HTTP */
  call?: ApiCall;
};

/** Part of an operation: its path parameters, its request body, one of its answers. */
export type ApiSection = {
  kind: 'parameters' | 'request' | 'response' | 'message';
  title: string;
  /** of an answer */
  status?: string;
  description?: string;
  required?: boolean;
  fields?: ApiField[];
  contents?: ApiContent[];
};

export type ApiContent = { mediaType?: string; schema?: ApiSchema; examples: { name?: string; text: string }[] };

export type ApiCall = {
  method: string;
  path: string;
  servers: string[];
  parameters: { in: 'path' | 'query' | 'header' | 'cookie'; name: string; required: boolean; example: string }[];
  body?: { mediaType: string; text: string };
};

/** A value of a known shape. */
export type ApiSchema = {
  /** in words, such as "string or null", "array of Port", "[Port!]!" */
  type: string;
  /** id of the type that `type` names */
  ref?: string;
  /** the reference leads nowhere */
  missing?: true;
  description?: string;
  /** format, limits and patterns in words */
  rules?: string[];
  values?: { value: string; description?: string; deprecated?: true }[];
  default?: string;
  examples?: string[];
  deprecated?: true;
  access?: 'read only' | 'write only';
  fields?: ApiField[];
  /** of the elements of an array or the values of a map, when they are more than a name */
  inner?: ApiSchema;
  choices?: { word: string; of: ApiSchema[] }[];
};

export type ApiField = ApiSchema & { name: string; required?: true };

/** A type that operations and other types refer to. */
export type ApiType = { id: string; name: string; what: string; schema: ApiSchema };

/** An operation or a type, with the types that it needs to be understood; further ones are asked for by id. */
export type ApiDetail<Item> = { item: Item; types: Record<string, ApiType> };
