const authority =
  'If the certificate comes from your own authority, put that as PEM into the field Certificate authority; else renew or correct the certificate.';

export async function connectionLine(title, look) {
  try {
    return { title, ...(await look()) };
  } catch (error) {
    const { message, fix, code } = error;
    if (code === 'OUTBOUND_TLS') return { title, state: 'bad', message: message.split('. ')[0], fix: authority };
    const said =
      fix === undefined
        ? message
        : message
            .slice(0, message.length - fix.length)
            .trimEnd()
            .replace(/\.$/, '');
    return { title, state: 'bad', message: said.slice(0, 1900), ...(fix !== undefined && { fix }) };
  }
}
