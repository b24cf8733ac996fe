import type { ApiCall, ApiOperation, ApiOverview } from '@callboard/model';

/** What fills in a call: values of parameters by place and name, and the body. */
export type Filling = { parameters: Record<string, string>; body: string | undefined };

export const parameterKey = (parameter: { in: string; name: string }) => `${parameter.in} ${parameter.name}`;

/** The values that a call starts with: what must be given, with its example. */
export const startFilling = (call: ApiCall): Filling => ({
  parameters: Object.fromEntries(
    call.parameters.filter(({ required }) => required).map((each) => [parameterKey(each), each.example]),
  ),
  body: call.body?.text,
});

/** Where the value of a way to sign in goes; nothing for those that need a conversation. */
function credentialOf(operation: ApiOperation, security: ApiOverview['security']): [string, string] | undefined {
  for (const { id } of operation.security?.[0] ?? []) {
    const scheme = security.find((each) => each.id === id);
    if (!scheme) continue;
    const fact = (name: string) => scheme.facts.find((each) => each.name === name)?.value.toLowerCase();
    if (scheme.type === 'apiKey' && fact('Sent in') === 'header')
      return [scheme.facts.find(({ name }) => name === 'Name')?.value ?? 'X-Api-Key', '<key>'];
    if (scheme.type === 'basic' || (scheme.type === 'http' && fact('Scheme') === 'basic'))
      return ['Authorization', 'Basic <user:password in base64>'];
    if (['http', 'oauth2', 'openIdConnect'].includes(scheme.type)) return ['Authorization', 'Bearer <token>'];
  }
  return undefined;
}

/** The address and headers of a call. */
export function requestOf(
  operation: ApiOperation & { call: ApiCall },
  server: string,
  filling: Filling,
  security: ApiOverview['security'],
): { url: string; headers: [string, string][] } {
  const { call } = operation;
  const query = new URLSearchParams();
  const headers: [string, string][] = [];
  const cookies: string[] = [];
  let path = call.path;
  for (const parameter of call.parameters) {
    const value = filling.parameters[parameterKey(parameter)];
    if (parameter.in === 'path') {
      const shown = value ? encodeURIComponent(value) : `{${parameter.name}}`;
      path = path.replaceAll(`{${parameter.name}}`, shown);
    } else if (value === undefined || value === '') continue;
    else if (parameter.in === 'query') query.append(parameter.name, value);
    else if (parameter.in === 'header') headers.push([parameter.name, value]);
    else cookies.push(`${parameter.name}=${value}`);
  }
  const credential = credentialOf(operation, security);
  if (credential && !headers.some(([name]) => name.toLowerCase() === credential[0].toLowerCase()))
    headers.push(credential);
  if (cookies.length > 0) headers.push(['Cookie', cookies.join('; ')]);
  if (filling.body && call.body && call.body.mediaType !== '*/*') headers.push(['Content-Type', call.body.mediaType]);
  const asked = query.toString();
  return { url: `${server.replace(/\/$/, '')}${path}${asked ? `?${asked}` : ''}`, headers };
}

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The call as a line for a shell. */
export function curlOf(method: string, url: string, headers: [string, string][], body: string | undefined): string {
  const parts = [
    method === 'GET' ? `curl ${quoted(url)}` : `curl -X ${method} ${quoted(url)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body ? [`-d ${quoted(body)}`] : []),
  ];
  return parts.join(' \\\n  ');
}
