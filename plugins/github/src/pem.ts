/**
 * Certificates and keys as PEM again, after what happens to them on the way: line ends written as \\n in variables of the environment, or
 * lost in a field of one line.
 */
export const pemOf = (text: string): string =>
  text
    .replaceAll('\\n', '\n')
    .replace(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g, (_whole, name: string, body: string) => {
      const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
      return `-----BEGIN ${name}-----\n${lines.join('\n')}\n-----END ${name}-----\n`;
    });
