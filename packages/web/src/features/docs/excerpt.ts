const before = 40;
const longest = 220;

/** The text around the first word that was searched. */
export function excerpt(text: string, preTag: string): string {
  const at = text.indexOf(preTag);
  if (at <= before) return text.slice(0, longest + 200);
  const start = text.lastIndexOf(' ', at - before);
  return `… ${text.slice(start + 1, start + longest + 200)}`;
}

/** Texts between the tags of a highlight; every second one is marked. */
export function marked(text: string, { preTag, postTag }: { preTag: string; postTag: string }) {
  return text
    .split(preTag)
    .flatMap((part, index) => {
      if (index === 0) return [{ text: part, marked: false }];
      const [word = '', ...rest] = part.split(postTag);
      return [
        { text: word, marked: true },
        { text: rest.join(postTag), marked: false },
      ];
    })
    .filter((piece) => piece.text !== '');
}
