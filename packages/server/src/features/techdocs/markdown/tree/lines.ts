/** Finds the line of a text, going forward through the page; when it is not found, the line of the one before. */
export function lineFinder(body: string, linesBefore: number) {
  let position = 0;
  let line = linesBefore + 1;
  const last = new Map<string, number>();
  return (text: string) => {
    const wanted = text.slice(0, 80);
    // What is not there at all is looked for once.
    if (!last.has(wanted)) last.set(wanted, wanted ? body.lastIndexOf(wanted) : -1);
    const at = (last.get(wanted) ?? -1) >= position ? body.indexOf(wanted, position) : -1;
    if (at < 0) return line;
    for (let index = body.indexOf('\n', position); index >= 0 && index < at; index = body.indexOf('\n', index + 1))
      line++;
    position = at;
    return line;
  };
}

const plain = (text: string) => text.replaceAll(/\]\([^)]*\)|\{[^}]*\}|<[^>]*>|[^\p{L}\p{N}]/gu, '').slice(0, 100);

const isUnderlined = (next = '') => (next.startsWith('=') || next.startsWith('-')) && /^(?:=+|-+) *$/.test(next);

/** Finds the lines of headings by their words, in order. */
export function headingLineFinder(body: string, linesBefore: number) {
  const places = new Map<string, number[]>();
  const lines = body.split('\n');
  lines.forEach((line, index) => {
    if (!isUnderlined(lines[index + 1]) && !/^[\s>]*[#<]/.test(line)) return;
    const under = isUnderlined(lines[index + 1]) && line.trim() !== '';
    if (!under && !/^[\s>]*(?:#|<h[1-6])/i.test(line)) return;
    const key = plain(line);
    const list = places.get(key);
    if (list) list.push(linesBefore + index + 1);
    else places.set(key, [linesBefore + index + 1]);
  });
  for (const list of places.values()) list.reverse();
  let before = linesBefore + 1;
  return (text: string) => {
    before = places.get(plain(text))?.pop() ?? before;
    return before;
  };
}
