import { stringifyEntityRef } from '@callboard/model';
import type { EntityPath } from '@callboard/model/http';
import type { FastifyRequest } from 'fastify';
import type { Access } from '../access/index.ts';
import type { Documents } from './documents.ts';
import type { Located } from './entities.ts';
import { techdocsErrors } from './errors.ts';

/**
 * What owners are called stands in their own entities: who may not see these gets the ref instead.
 *
 * @returns the same items
 */
export async function withSeenOwners<Item extends { owner?: { ref: string; name: string } }>(
  access: Pick<Access, 'seenAmong'>,
  request: FastifyRequest,
  items: readonly Item[],
): Promise<Item[]> {
  const seen = await access.seenAmong(
    request,
    items.flatMap((item) => item.owner?.ref ?? []),
  );
  return items.map((item) =>
    item.owner && !seen.has(item.owner.ref) ? { ...item, owner: { ref: item.owner.ref, name: item.owner.ref } } : item,
  );
}

type Tools = { access: Pick<Access, 'seenAmong'>; documents: Pick<Documents, 'locate'> };

/**
 * The documents of the entity that a path names, if the asker may see the entity and the one whose documents it shows. Both are otherwise as
 * if they did not exist.
 */
export const seenDocuments =
  ({ access, documents }: Tools) =>
  async (request: FastifyRequest, path: EntityPath): Promise<Located> => {
    const ref = stringifyEntityRef(path);
    if (!(await access.seenAmong(request, [ref])).has(ref)) throw techdocsErrors.entityUnknown({ ref });
    const located = await documents.locate(ref);
    const shown = located.ref;
    if (shown !== ref && !(await access.seenAmong(request, [shown])).has(shown))
      throw techdocsErrors.entityUnknown({ ref: shown });
    return located;
  };

/** The ref that a path names, under the conditions of `seenDocuments`. */
export const seenRef =
  (tools: Tools) =>
  async (request: FastifyRequest, path: EntityPath): Promise<string> => {
    const { ref, borrowedBy } = await seenDocuments(tools)(request, path);
    return borrowedBy ?? ref;
  };
