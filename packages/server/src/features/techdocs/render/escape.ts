/** Text as it stands between the tags of HTML. */
export const escapeText = (text: string): string =>
  text.replace(/[&<>]/g, (each) => (each === '&' ? '&amp;' : each === '<' ? '&lt;' : '&gt;'));

/** Text as it stands in an attribute, between double quotes. */
export const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;');
