/**
 * Makes a site of exactly N pages of about 8 kB with headings, code, tables, admonitions and links, the same one every time:
 *
 *   node bench/generate-docs.mjs N DIR
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const total = Number(process.argv[2]);
const folder = process.argv[3];
if (!Number.isInteger(total) || total < 2 || !folder) {
  console.error('usage: node bench/generate-docs.mjs N DIR   (N is 2 or more)');
  process.exit(2);
}

let state = 0x2f6e2b1;
const below = (limit) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 0x1_0000_0000) * limit);
};
const pick = (list) => list[below(list.length)];
const words =
  'berth cargo deck engine ferry gate harbour invoice journey key ledger manifest notice order pier quay route sail tide union vessel watch yard'.split(
    ' ',
  );
const some = (count) => Array.from({ length: count }, () => pick(words)).join(' ');
const sentence = () => `${some(8 + below(10)).replace(/^./, (first) => first.toUpperCase())}.`;
const paragraph = () => Array.from({ length: 3 + below(3) }, sentence).join(' ');
const code = {
  typescript: (name) =>
    `export async function ${name}(id: string): Promise<void> {\n  const found = await store.get(id);\n  if (!found) throw new Error(\`no \${id}\`);\n  await send({ ...found, at: ${below(9999)} });\n}`,
  python: (name) =>
    `def ${name}(request, store):\n    found = store.get(request.id)\n    if found is None:\n        raise LookupError(request.id)\n    return {"ok": True, "at": ${below(9999)}}`,
  yaml: (name) =>
    `kind: Component\nmetadata:\n  name: ${name}\n  labels:\n    size: "${below(9999)}"\nspec:\n  type: service`,
  sql: (name) => `select id, count(*) as n\nfrom ${name}\nwhere at > ${below(9999)}\ngroup by id\norder by n desc;`,
};
const fileOf = (page) =>
  page === 0
    ? 'index.md'
    : `part${String(1 + Math.floor((page - 1) / 25)).padStart(2, '0')}/page${String(page).padStart(4, '0')}.md`;

rmSync(folder, { recursive: true, force: true });
let bytes = 0;
for (let page = 0; page < total; page += 1) {
  const file = fileOf(page);
  const parts = [`# ${page}: ${some(3)}`, paragraph()];
  for (let section = 1; section <= 5; section += 1) {
    const language = pick(Object.keys(code));
    const target = relative(dirname(file), fileOf(below(total))) || 'index.md';
    parts.push(`## ${section} ${some(4)}`, paragraph(), paragraph(), `### ${some(3)}`);
    parts.push(
      `- ${some(8)}\n- ${some(8)} with **${some(2)}** and \`${pick(words)}_${pick(words)}\`\n- [another page](${target})`,
    );
    parts.push(`\`\`\`${language}\n${code[language](pick(words))}\n\`\`\``);
    parts.push(`!!! ${pick(['note', 'warning', 'tip'])} "${some(3)}"\n    ${paragraph()}`);
    if (section % 2 === 1) {
      const rows = Array.from({ length: 6 }, () => `| \`${pick(words)}\` | ${below(100)} | ${some(8)} |`);
      parts.push(['| Name | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n'));
    }
  }
  const text = `${parts.join('\n\n')}\n`;
  bytes += text.length;
  mkdirSync(dirname(join(folder, 'docs', file)), { recursive: true });
  writeFileSync(join(folder, 'docs', file), text);
}
writeFileSync(
  join(folder, 'mkdocs.yml'),
  'site_name: Bench\nplugins:\n  - search\nmarkdown_extensions:\n  - admonition\n  - tables\n  - fenced_code\n  - toc:\n      permalink: true\n  - codehilite\n',
);
console.log(JSON.stringify({ pages: total, bytes }));
