/** Extensions that turn alerts into admonitions. */
export const alertExtensions: readonly string[] = ['alerts', 'github-callouts', 'callouts'];

const header = /^> {0,3}\[!(\w+)\]\s*$/;
const types: Record<string, string> = { caution: 'danger', important: 'warning' };

/** Alerts as code hosts write them, `> [!NOTE]` and quoted lines, as admonitions. Not inside fenced code. */
export function convertAlerts(text: string): string {
  if (!text.includes('[!')) return text;
  const lines = text.split('\n');
  const out: string[] = [];
  let fence = '';
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && (!fence || line.trim().startsWith(fence))) fence = fence ? '' : mark;
    const match = fence ? null : header.exec(line);
    if (!match || !lines[index + 1]?.startsWith('>')) {
      out.push(line);
      continue;
    }
    const name = (match[1] ?? '').toLowerCase();
    out.push(`!!! ${types[name] ?? name} "${name.slice(0, 1).toUpperCase()}${name.slice(1)}"`);
    while (lines[index + 1]?.startsWith('>')) {
      index++;
      out.push(`    ${(lines[index] ?? '').replace(/^> ?/, '')}`);
    }
  }
  return out.join('\n');
}
