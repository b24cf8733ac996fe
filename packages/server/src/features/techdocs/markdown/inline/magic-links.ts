import { element } from '../tree/nodes.ts';
import { plainText, type Pattern } from './pattern.ts';

const endCharacter = /[\p{L}\p{N}\-/#@$+=]/u;

/** Bare addresses with a scheme or `www.`. What cannot end an address is left out of it. */
export const magicLinks: Pattern = {
  name: 'magic-link',
  needs: ['://', 'www.', 'WWW.', 'Www.'],
  outsideLinks: true,
  regex: /(?<![\p{L}\p{N}])(?:(?:ht|f)tps?:\/\/|www\.)[\p{L}\p{N}][\p{L}\p{N}\-_.?,!'(){}[\]/+&@%$#=:"|~;]*/giu,
  handle(match, { page }) {
    let text = match[0];
    const scheme = /^(?:\w+:\/\/|www\.)/i.exec(text)?.[0].length ?? 0;
    let end = text.length;
    while (end > scheme && !endCharacter.test(text[end - 1] ?? '')) end--;
    // Besides the first character of the host there is at least one more.
    if (end < scheme + 2) return undefined;
    text = plainText(page, text.slice(0, end));
    const node = element('a', { href: /^www\./i.test(text) ? `http://${text}` : text }, [text]);
    node.atomic = true;
    return { node, start: match.index, end: match.index + end };
  },
};

export const magicMails: Pattern = {
  name: 'magic-mail',
  needs: ['@'],
  outsideLinks: true,
  regex:
    /(?<![-/+@\w])[-+\w](?:[-\w+]|\.(?!\.)){0,100}(?<!\.)@[-\w]{1,100}\.(?:[-\w]|(?<!\.)\.(?!\.)){0,200}[a-z](?![-@\w])/gi,
  handle(match) {
    const node = element('a', { href: `mailto:${match[0]}` }, [match[0]]);
    node.atomic = true;
    return { node, start: match.index, end: match.index + match[0].length };
  },
};
