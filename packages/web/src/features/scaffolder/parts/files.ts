/** A file as the portal sends it. */
export type SentFile = { path: string; base64Content: string; executable: boolean };

/** A folder with what is in it, or a file. */
export type TreeNode = { name: string; path: string; children?: TreeNode[] };

/** Paths as the tree they stand for: folders first, then files, each by name. */
export function treeOf(paths: readonly string[]): TreeNode[] {
  const root: TreeNode = { name: '', path: '', children: [] };
  for (const path of paths) {
    let folder = root;
    const parts = path.split('/').filter(Boolean);
    parts.forEach((name, index) => {
      const here = parts.slice(0, index + 1).join('/');
      const isFile = index === parts.length - 1;
      let next = folder.children!.find((child) => child.path === here);
      if (!next) {
        next = isFile ? { name, path: here } : { name, path: here, children: [] };
        folder.children!.push(next);
      }
      // A file and a folder of one name cannot be: what has children is the folder.
      next.children ??= isFile ? undefined : [];
      folder = next;
    });
  }
  const sort = (nodes: TreeNode[]): TreeNode[] =>
    nodes
      .map((node) => (node.children ? { ...node, children: sort(node.children) } : node))
      .toSorted((a, b) => Number(!a.children) - Number(!b.children) || a.name.localeCompare(b.name));
  return sort(root.children!);
}

/** The bytes of a file. */
export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/** A text as the API takes it. */
export const encoded = (text: string | Uint8Array): string => {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
};

/** What a file says, or nothing when it is not a text. */
export function textOf(base64: string): string | undefined {
  const bytes = bytesOf(base64);
  if (bytes.subarray(0, 8000).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** "1.2 kB". */
export const size = (bytes: number): string =>
  bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
