/** Sizes beyond which a question is refused. */
export const limits = {
  /** Conditions and combinators of one question. */
  conditions: 1000,
  /** Values of all lists of one question together. */
  values: 10_000,
  /** Combinators within combinators. */
  depth: 20,
  /** Order fields of one question. */
  orderFields: 10,
  /** Fields kept of each entity, and fields searched for a text. */
  fields: 200,
  /** Characters of one field. */
  field: 1000,
  /** Characters of the text searched for. */
  text: 1000,
  /** Entities of one page. */
  page: 10_000,
  /** Entities of a page when nothing is said. */
  defaultPage: 200,
} as const;
