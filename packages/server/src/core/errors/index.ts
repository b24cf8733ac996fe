/** What an error may hold besides its message: plain JSON, shown to the client. */
export type ErrorDetails = Record<string, unknown>;

/** Error names of Backstage's HTTP envelope; each stands for one status. */
export const errorStatus = {
  InputError: 400,
  AuthenticationError: 401,
  NotAllowedError: 403,
  NotFoundError: 404,
  ConflictError: 409,
  PayloadTooLargeError: 413,
  TooManyRequestsError: 429,
  InternalError: 500,
  NotImplementedError: 501,
  ServiceUnavailableError: 503,
} as const;

export type ErrorName = keyof typeof errorStatus;

/**
 * One entry of a feature's error catalogue. `{name}` in `message` and `fix` is replaced by the value of that name.
 * `status` is for the few that HTTP tells apart more finely than the names do, such as 405 and 415.
 */
export type ErrorDefinition = { name: ErrorName; message: string; fix: string; status?: number };

/** One line of `docs/reference/errors.md`. */
export type ErrorCatalogueEntry = Omit<ErrorDefinition, 'status'> & { code: string; status: number };

/** An error written for the person who must act: a stable code, what happened, and the next step. */
export class AppError extends Error {
  readonly code: string;
  readonly fix: string;
  readonly status: number;
  readonly details?: ErrorDetails;

  constructor(fields: {
    name: ErrorName;
    code: string;
    message: string;
    fix: string;
    status?: number;
    details?: ErrorDetails;
    cause?: unknown;
  }) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = fields.name;
    this.code = fields.code;
    this.fix = fields.fix;
    this.status = fields.status ?? errorStatus[fields.name];
    this.details = fields.details;
  }
}

/** Makes one error of a catalogue; `values` fill the placeholders of its message and fix. */
export type ErrorFactory = (
  values?: Record<string, unknown>,
  options?: { cause?: unknown; details?: ErrorDetails },
) => AppError;

const catalogue = new Map<string, ErrorCatalogueEntry>();

const constantCase = (word: string) => word.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();

const fill = (text: string, values: Record<string, unknown>) =>
  text.replace(/\{(\w+)\}/g, (whole, key: string) => (key in values ? String(values[key]) : whole));

/**
 * Defines the errors of one room. The code of `entityNotFound` under the prefix `CATALOG` is `CATALOG_ENTITY_NOT_FOUND`.
 *
 * @param prefix - the room's word in capitals
 * @param definitions - one entry per error
 * @returns a factory per entry
 */
export function defineErrors<T extends Record<string, ErrorDefinition>>(
  prefix: string,
  definitions: T,
): { [K in keyof T]: ErrorFactory } {
  const factories: Record<string, ErrorFactory> = {};
  for (const [key, definition] of Object.entries(definitions)) {
    const code = `${prefix}_${constantCase(key)}`;
    catalogue.set(code, { ...definition, code, status: definition.status ?? errorStatus[definition.name] });
    factories[key] = (values = {}, options = {}) =>
      new AppError({
        name: definition.name,
        status: definition.status,
        code,
        message: fill(definition.message, values),
        fix: fill(definition.fix, values),
        ...options,
      });
  }
  return factories as { [K in keyof T]: ErrorFactory };
}

/** Every error defined so far, by code; the source of the generated error reference. */
export function allErrorDefinitions(): ErrorCatalogueEntry[] {
  return [...catalogue.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
