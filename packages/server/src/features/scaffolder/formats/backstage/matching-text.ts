type Wishes = { wanted: string; minLength: number; maxLength: number };

const candidates = [
  'example',
  'my-example',
  'Example',
  'EXAMPLE',
  'example1',
  'example.com',
  'com.example',
  'com.example.app',
  'https://example.com',
  'https://example.com/owner/repo',
  'someone@example.com',
  'example/example',
  '1',
  '8080',
  '123456789012',
  '1.0.0',
  'v1.0.0',
  '10.0.0.0/16',
  '2026-01-31',
  '1Gi',
  '100m',
  'EXA-1',
  '/example',
  'group:default/team',
  '',
];

/** Writes one text that a regular expression describes: first alternatives, fewest repetitions. Look-arounds are passed over. */
function write(pattern: string, repeat: number): string {
  let at = 0;
  const characterClass = (): string => {
    const start = at;
    at += 1;
    const isNegated = pattern[at] === '^';
    if (isNegated) at += 1;
    const members: string[] = [];
    while (at < pattern.length && (pattern[at] !== ']' || members.length === 0)) {
      let character = pattern[at] as string;
      if (character === '\\') {
        at += 1;
        const escaped = pattern[at] as string;
        character = { d: '1', w: 'a', s: ' ', n: '\n', t: '\t' }[escaped] ?? escaped;
      }
      members.push(character);
      at += 1;
    }
    at += 1;
    if (!isNegated) {
      const letter = members.findIndex((member, index) => /[a-z]/.test(member) && members[index + 1] !== '-');
      return members.includes('a')
        ? 'a'
        : members.includes('A')
          ? 'A'
          : letter >= 0
            ? (members[letter] as string)
            : (members[0] ?? '');
    }
    const whole = new RegExp(pattern.slice(start, at));
    return ['a', '1', 'A', '-', '_', ' '].find((character) => whole.test(character)) ?? 'a';
  };
  const atom = (): string => {
    const character = pattern[at] as string;
    if (character === '[') return characterClass();
    at += 1;
    if (character === '^' || character === '$') return '';
    if (character === '.') return 'a';
    if (character === '\\') {
      const escaped = pattern[at] as string;
      at += 1;
      return { d: '1', w: 'a', s: ' ', S: 'a', W: '-', D: 'a', b: '', B: '', n: '\n', t: '\t' }[escaped] ?? escaped;
    }
    if (character !== '(') return character;
    const isAround = /^\?(?:[=!]|<[=!])/.test(pattern.slice(at));
    const prefix = /^\?(?:[:=!]|<[=!]|<\w+>)/.exec(pattern.slice(at))?.[0] ?? '';
    at += prefix.length;
    const inside = alternatives();
    at += 1;
    return isAround ? '' : inside;
  };
  const count = (): number => {
    const rest = pattern.slice(at);
    const [braces, least = '', comma, most = ''] = /^\{(\d+)(?:(,)(\d*))?\}/.exec(rest) ?? [];
    const short = /^[*+?]/.exec(rest)?.[0];
    if (!braces && !short) return 1;
    at += (braces ?? short ?? '').length;
    if (pattern[at] === '?') at += 1;
    if (short === '?') return repeat > 0 ? 1 : 0;
    if (short) return short === '+' ? Math.max(1, repeat) : repeat;
    return comma === undefined
      ? Number(least)
      : Math.min(Math.max(Number(least), repeat), most === '' ? Infinity : Number(most));
  };
  const sequence = (): string => {
    let text = '';
    while (at < pattern.length && pattern[at] !== ')' && pattern[at] !== '|') {
      const one = atom();
      text += one.repeat(Math.min(count(), 300));
    }
    return text;
  };
  const alternatives = (): string => {
    const first = sequence();
    while (pattern[at] === '|') {
      at += 1;
      sequence();
    }
    return first;
  };
  return alternatives();
}

/**
 * A text that matches a pattern. Only for the form's own checks: the pattern was written by the template's author, and a text is short.
 */
export function matchingText(pattern: string, { wanted, minLength, maxLength }: Wishes): string {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch {
    try {
      expression = new RegExp(pattern);
    } catch {
      return wanted;
    }
  }
  const isFit = (text: string) => text.length >= minLength && text.length <= maxLength && expression.test(text);
  const plain = [wanted, ...candidates].find(isFit);
  if (plain !== undefined) return plain;
  const lengths = [...new Set([0, 1, 2, 3, minLength, minLength + 1, 8])];
  return (
    lengths.map((repeat) => write(pattern, repeat)).find(isFit) ?? wanted.padEnd(minLength, 'x').slice(0, maxLength)
  );
}
