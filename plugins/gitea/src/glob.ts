const known = new Map<string, RegExp>();

function expressionOf(pattern: string): RegExp {
  const parts = pattern.match(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|\{/g) ?? [];
  const plain = (text: string) => text.replaceAll(/[.+^$()|[\]\\{}]/g, String.raw`\$&`);
  const source = parts.map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (/^\{.*\}$/s.test(part)) return `(?:${part.slice(1, -1).split(',').map(plain).join('|')})`;
    return plain(part);
  });
  return new RegExp(`^${source.join('')}$`, 's');
}

/** Whether a path is meant by a pattern with `*`, `**`, `?` and `{a,b}`. */
export function globOf(pattern: string): (path: string) => boolean {
  let expression = known.get(pattern);
  if (!expression) {
    expression = expressionOf(pattern);
    known.set(pattern, expression);
  }
  return (path) => expression.test(path);
}
