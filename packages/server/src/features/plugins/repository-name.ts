/** Words after which the name of a repository is over. */
const markers = new Set(['-', 'blob', 'tree', 'raw', 'src', 'edit', 'commits']);

/** Owner and name of the repository of an address on a host of code; owners may have several parts. */
export function fullNameOf(address: string): { owner: string; repository: string } | undefined {
  const parts = new URL(address).pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const end = parts.findIndex((part, index) => index >= 2 && markers.has(part));
  const name = end < 0 ? parts : parts.slice(0, end);
  if (name.length < 2) return undefined;
  return { owner: name.slice(0, -1).join('/'), repository: name.at(-1)!.replace(/\.git$/, '') };
}
