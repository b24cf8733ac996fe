/** Sizes beyond which a request is refused. */
export const limits = {
  /** Bytes of a request body, unless the route says otherwise. */
  body: 1024 * 1024,
  /** Levels of nesting in a JSON body. */
  depth: 100,
  /** Characters of one path parameter: an encoded entity ref has at most about 200. */
  pathPart: 512,
  /** Characters of the whole address: long catalog filters travel in the query string. */
  url: 16 * 1024,
  /** Bytes of the request line and all headers. */
  headers: 64 * 1024,
  /** Faults listed for one request. */
  faults: 50,
} as const;
