import type { JsonValue } from '../types.ts';
import { element, type Node } from '../tree/nodes.ts';
import type { Pattern } from './pattern.ts';

/** Keys whose label is not their name in capitals. */
const labels: Record<string, string> = {
  backslash: '\\',
  bar: '|',
  'brace-left': '{',
  'brace-right': '}',
  'bracket-left': '[',
  'bracket-right': ']',
  colon: ':',
  comma: ',',
  'double-quote': '"',
  equal: '=',
  exclam: '!',
  grave: '`',
  greater: '>',
  less: '<',
  minus: '-',
  period: '.',
  plus: '+',
  question: '?',
  semicolon: ';',
  'single-quote': "'",
  slash: '/',
  tilde: '~',
  underscore: '_',
  'arrow-up': 'Up',
  'arrow-down': 'Down',
  'arrow-left': 'Left',
  'arrow-right': 'Right',
  delete: 'Del',
  insert: 'Ins',
  escape: 'Esc',
  'num-asterisk': 'Num *',
  'num-delete': 'Num Del',
  'num-equal': 'Num =',
  'num-minus': 'Num -',
  'num-plus': 'Num +',
  'num-separator': 'Num .',
  'num-slash': 'Num /',
  'alt-graph': 'AltGr',
  command: 'Cmd',
  control: 'Ctrl',
  function: 'Fn',
  'left-control': 'Left Ctrl',
  'left-windows': 'Left Win',
  'right-control': 'Right Ctrl',
  'right-windows': 'Right Win',
  windows: 'Win',
  backtab: 'Back Tab',
  'context-menu': 'Menu',
  'media-next-track': 'Next Track',
  'media-pause': 'Pause',
  'media-play': 'Play',
  'media-play-pause': 'Play/Pause',
  'media-prev-track': 'Previous Track',
  'media-stop': 'Stop',
  'volume-mute': 'Mute',
  'x-button1': 'X Button 1',
  'x-button2': 'X Button 2',
};
const plain = new Set(
  (
    'space page-up page-down home end backspace tab break caps-lock clear eject enter help print-screen scroll-lock num-clear num-lock ' +
    'num-enter alt left-alt left-command left-meta left-option left-shift left-super meta option right-alt right-command right-meta ' +
    'right-option right-shift right-super shift super browser-back browser-favorites browser-forward browser-home browser-refresh ' +
    'browser-search browser-stop copy mail media print reset select sleep volume-down volume-up zoom power fingerprint left-button ' +
    'middle-button right-button'
  ).split(' '),
);
const aliases = new Map(
  (
    'add=num-plus altgr=alt-graph apps=context-menu back=backspace bksp=backspace bktab=backtab cancel=break capital=caps-lock ' +
    'close-brace=brace-right close-bracket=bracket-right clr=clear cmd=command cplk=caps-lock ctrl=control dblquote=double-quote ' +
    'decimal=num-separator del=delete divide=num-slash down=arrow-down esc=escape return=enter exclamation=exclam ' +
    'favorites=browser-favorites fn=function forward=browser-forward grave-accent=grave greater-than=greater gt=greater hyphen=minus ' +
    'ins=insert lalt=left-alt launch-mail=mail launch-media=media lbutton=left-button lcmd=left-command lcontrol=left-control ' +
    'lctrl=left-control left=arrow-left left-cmd=left-command left-ctrl=left-control lopt=left-option left-win=left-windows ' +
    'less-than=less lmeta=left-meta lshift=left-shift lsuper=left-super lt=less lwin=left-windows mbutton=middle-button ' +
    'menu=context-menu multiply=num-asterisk mute=volume-mute next=page-down next-track=media-next-track num-del=num-delete ' +
    'numlk=num-lock open-brace=brace-left open-bracket=bracket-left opt=option page-dn=page-down pause=media-pause pg-dn=page-down ' +
    'pg-up=page-up pipe=bar play=media-play play-pause=media-play-pause prev-track=media-prev-track prior=page-up prtsc=print-screen ' +
    'question-mark=question ralt=right-alt rbutton=right-button rcontrol=right-control rcmd=right-command rctrl=right-control ' +
    'refresh=browser-refresh right=arrow-right right-cmd=right-command right-ctrl=right-control right-opt=right-option ' +
    'right-win=right-windows rmeta=right-meta ropt=right-option rshift=right-shift rsuper=right-super rwin=right-windows ' +
    'scroll=scroll-lock search=browser-search separator=num-separator spc=space stop=media-stop subtract=num-minus tabulator=tab ' +
    'up=arrow-up vol-down=volume-down vol-mute=volume-mute vol-up=volume-up win=windows xbutton1=x-button1 xbutton2=x-button2'
  )
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
);

function keyOf(written: string): { name?: string; label: string } | undefined {
  if (/^["']/.test(written)) return { label: written.slice(1, -1).trim() };
  const name = aliases.get(written) ?? written;
  const label = labels[name];
  if (label !== undefined) return { name, label };
  if (plain.has(name) || /^(?:f(?:[1-9]|1\d|2[0-4])|[a-z\d])$/.test(name))
    return { name, label: name.replaceAll(/(?:^|-)[a-z]/g, (part) => part.replace('-', ' ').toUpperCase()) };
  return /^num\d$/.test(name) ? { name, label: `Num ${name.at(-1)}` } : undefined;
}

/** `++ctrl+alt+del++` */
export const keys = (separator: JsonValue | undefined): Pattern => ({
  name: 'keys',
  needs: ['++'],
  regex: /(?<!\\)\+{2}((?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:\+(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*?)\+{2}/g,
  handle(match) {
    const written = (match[1] ?? '').match(/"[^"]*"|'[^']*'|[^+]+/g) ?? [];
    const parts: Node[] = [];
    for (const one of written) {
      const key = keyOf(one);
      if (!key) return undefined;
      if (parts.length > 0 && separator !== '')
        parts.push(element('span', {}, [typeof separator === 'string' ? separator : '+']));
      parts.push(element('kbd', key.name ? { class: `key-${key.name}` } : {}, [key.label]));
    }
    const node = element('span', { class: 'keys' }, parts);
    return { node, start: match.index, end: match.index + match[0].length };
  },
});
