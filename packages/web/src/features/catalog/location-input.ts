/** What a person pastes, as the API wants it. A full path is a file; everything else is an address. */
export function readLocation(text: string): { type: string; target: string } | undefined {
  const target = text.trim();
  if (target === '') return undefined;
  const typed = /^(url|file|git):(?!\/\/)(.+)$/s.exec(target);
  if (typed) return { type: typed[1]!, target: typed[2]!.trim() };
  if (target.startsWith('file://')) return { type: 'file', target: decodeURIComponent(new URL(target).pathname) };
  if (/^(\/|\.{1,2}\/|~\/|[A-Za-z]:\\)/.test(target)) return { type: 'file', target };
  if (/^[\w.-]+@[\w.-]+:/.test(target) || /^(ssh|git):\/\//.test(target) || /^https?:\/\/\S+\.git(#.*)?$/.test(target))
    return { type: 'git', target };
  return { type: 'url', target };
}
