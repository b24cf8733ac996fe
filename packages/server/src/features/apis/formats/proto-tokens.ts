/** A token of a .proto file, with the comments that stand before it and behind it on its line. */
export type Token = { kind: 'word' | 'text' | 'mark'; value: string; line: number; doc?: string; behind?: string };

const pattern = /\/\/([^\n]*)|\/\*([\s\S]*?)\*\/|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|([.\w+-]+)|(\S)/g;

const clean = (comment: string) =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim();

/** Divides a .proto file. A comment belongs to what follows it, or to what stands before it on its line. */
export function protoTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let doc: string[] = [];
  let line = 1;
  let counted = 0;
  let docLine = 0;
  for (const match of text.matchAll(pattern)) {
    for (let at = text.indexOf('\n', counted); at !== -1 && at < match.index; at = text.indexOf('\n', at + 1))
      line += 1;
    counted = match.index;
    const comment = match[1] ?? match[2];
    if (comment !== undefined) {
      const before = tokens.at(-1);
      if (before?.line === line && before.value !== '{') before.behind ??= clean(comment);
      else {
        // An empty line between two comments parts them.
        if (line > docLine + 1) doc = [];
        doc.push(clean(comment));
        docLine = line + comment.split('\n').length - 1;
      }
      continue;
    }
    const kind = match[3] ? 'text' : match[4] ? 'word' : 'mark';
    const value = match[3] ? match[3].slice(1, -1) : match[0];
    const isNear = doc.length > 0 && line <= docLine + 1;
    tokens.push({ kind, value, line, ...(isNear && { doc: doc.join('\n') }) });
    doc = [];
  }
  return tokens;
}
