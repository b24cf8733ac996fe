/** Kept by their patterns, which come from a configuration: there are few. */
const known = new Map();

function expressionOf(pattern) {
  const parts = pattern.match(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[^*?{]+|\{/g) ?? [];
  const plain = (text) => text.replaceAll(/[.+^$()|[\]\\{}]/g, String.raw`\$&`);
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

export function globOf(pattern) {
  let expression = known.get(pattern);
  if (!expression) {
    expression = expressionOf(pattern);
    known.set(pattern, expression);
  }
  return (path) => expression.test(path);
}
