export const textOf = (value) => (typeof value === 'string' && value !== '' ? value : undefined);

export const textsOf = (value) => (Array.isArray(value) ? value.flatMap((each) => textOf(each) ?? []) : []);

export const recordsOf = (value) =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];

export const bareAddress = (address) => address.replace(/\/+$/, '');

export const pemOf = (text) =>
  text
    .replaceAll('\\n', '\n')
    .replace(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g, (_whole, name, body) => {
      const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
      return `-----BEGIN ${name}-----\n${lines.join('\n')}\n-----END ${name}-----\n`;
    });
