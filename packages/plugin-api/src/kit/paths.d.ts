/** Whether a path is meant by a pattern with `*`, `**`, `?` and `{a,b}`, as they stand in configurations of repositories and files. */
export declare function globOf(pattern: string): (path: string) => boolean;
