/** Who a CODEOWNERS file names, those of everything first. */
export function ownersIn(text: string): string[] {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('['))
    .map((line) => line.split(/\s+/));
  const isAll = ([pattern]: string[]) => pattern === '*' || pattern === '**' || pattern === '/';
  const ordered = [...lines.filter(isAll), ...lines.filter((line) => !isAll(line))];
  return [...new Set(ordered.flatMap(([, ...owners]) => owners))].filter((owner) => /^@|@/.test(owner)).slice(0, 50);
}
