import type { Problem } from '@callboard/model';
import type { CatalogContext } from '../context.ts';
import { isHeld, ownerOfSource } from '../store/owners.ts';
import { problemsOfSource, reconcileProblems } from '../store/problems.ts';
import { updateSource } from '../store/sources.ts';
import type { CatalogTables, SourceRow } from '../store/tables.ts';

/**
 * Writes how a source is, and what is wrong with it as a whole: a problem with an owner like any other, gone when the source is well.
 * On a full disk the state is shown from memory until it can be stored.
 *
 * @param state.happened - types of events to tell
 * @param state.problem - of the source as a whole, and since when
 */
export async function setState(
  context: CatalogContext,
  source: SourceRow,
  state: {
    fields: Partial<SourceRow>;
    actor: string;
    happened?: string[];
    problem?: { problem: Problem; since: number };
  },
): Promise<void> {
  const write = context.db.transaction<CatalogTables, void>(async (tx) => {
    await updateSource(tx, source.id, state.fields);
    const existing = await problemsOfSource(tx, source.id);
    const wanted = [];
    if (state.problem) {
      const { problem, since } = state.problem;
      const owner = await ownerOfSource(tx, source);
      const entityRef = source.entity_ref !== null && (await isHeld(tx, source.entity_ref)) && source.entity_ref;
      wanted.push({
        sourceId: source.id,
        documentId: null,
        owner,
        evidence: owner === null ? null : ('source' as const),
        problem: { ...problem, ...(entityRef && { entityRef }) },
        at: since,
      });
    }
    const isChanged = await reconcileProblems(context.db, tx, existing, wanted);
    const happened = new Set(state.happened);
    if (isChanged) happened.add('catalog.problem.changed');
    const about = { subject: source.key, actor: state.actor, data: { target: source.target } };
    await context.events.append(
      tx,
      [...happened].map((type) => ({ type, ...about })),
    );
  });
  try {
    await write;
    context.unstored.delete(source.id);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'DATABASE_DISK_FULL') context.unstored.set(source.id, state.fields);
    throw error;
  }
}
