import type { FastifyReply, FastifyRequest } from 'fastify';

/** What one cookie holds. */
export function cookieOf(request: FastifyRequest, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.split('=');
    if (key?.trim() === name) return value.join('=').trim() || undefined;
  }
  return undefined;
}

/** The two cookies of the portal, as strict as the address of the portal lets them be. */
export function createCookies(options: { secure: boolean }) {
  const prefix = options.secure ? '__Host-' : '';
  const flags = `; Path=/; HttpOnly; SameSite=Lax${options.secure ? '; Secure' : ''}`;
  const cookie = (word: string) => {
    const name = `${prefix}callboard-${word}`;
    return {
      read: (request: FastifyRequest) => cookieOf(request, name),
      set(reply: FastifyReply, value: string, maxAgeMs: number) {
        void reply.header('set-cookie', `${name}=${value}${flags}; Max-Age=${Math.floor(maxAgeMs / 1000)}`);
      },
      clear(reply: FastifyReply) {
        void reply.header('set-cookie', `${name}=${flags}; Max-Age=0`);
      },
    };
  };
  return { session: cookie('session'), flow: cookie('flow') };
}

export type Cookies = ReturnType<typeof createCookies>;
