import type { Entity } from '@callboard/model';

/** The addresses of a server for assistants, as its descriptor lists them. */
export const remotesOf = (entity: Entity): { type: string; url: string }[] => {
  const remotes: unknown = entity.spec?.['remotes'];
  if (!Array.isArray(remotes)) return [];
  return remotes.flatMap((remote: unknown) => {
    const { type, url } = (remote ?? {}) as { type?: unknown; url?: unknown };
    return typeof url === 'string' ? [{ type: typeof type === 'string' ? type : 'remote', url }] : [];
  });
};
