/** A file or folder as the navigation sees it, before pages are looked up. */
export type NavNode = { title?: string; file?: string; url?: string; include?: string; children?: NavNode[] };
