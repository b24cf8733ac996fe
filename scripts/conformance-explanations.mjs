import { readFileSync } from 'node:fs';

/**
 * Reads the explained differences from the tables of a Markdown page: rows whose first cell is a name in back-quotes, followed by the aspect
 * (`verdict`, `entity`, `relations`, `targets`, `skeleton`), a pattern for what the comparison prints, and the reason.
 *
 * @returns `{ name, reason, used, covers({ aspect, text, reason, id }) }` for each row
 */
export function readExplanations(path) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const cells = line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((text) => text.trim().replaceAll('\\|', '|'));
      const name = /^`([\w-]+)`$/.exec(cells[0] ?? '')?.[1];
      const pattern = /^`(.+)`$/.exec(cells[2] ?? '')?.[1];
      if (!name || cells.length !== 4 || !pattern) return [];
      const aspect = cells[1];
      const matcher = new RegExp(pattern);
      return [
        {
          name,
          reason: cells[3],
          used: 0,
          covers: (found) => found.aspect === aspect && matcher.test(`${found.text} ${found.reason ?? ''}`),
        },
      ];
    });
}
