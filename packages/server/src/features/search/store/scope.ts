import { sql } from 'kysely';
import type { SearchScope } from '../types.ts';

/** Lets subjects with one of these beginnings through, whatever the scope says. */
export const withOpen = (scope: SearchScope, prefixes: readonly string[]): SearchScope =>
  prefixes.length === 0
    ? scope
    : (subject) =>
        sql`(${sql.join(
          prefixes.map((prefix) => sql`substr(${subject}, 1, ${sql.lit(prefix.length)}) = ${prefix}`),
          sql` or `,
        )} or ${scope(subject)})`;
