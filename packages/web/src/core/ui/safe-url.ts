/** Schemes that run or show something in this page's name instead of leading elsewhere. */
const unsafeSchemes = new Set([
  'javascript:',
  'vbscript:',
  'data:',
  'blob:',
  'file:',
  'filesystem:',
  'about:',
  'view-source:',
]);

/** An address that a link may lead to: the web, mail, and the programs that teams chat in; nothing that could be a script. */
export function safeUrl(text: string | undefined): string | undefined {
  if (!text || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return unsafeSchemes.has(url.protocol) ? undefined : url.href;
}
