import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { httpErrors } from './errors.ts';
import type { HttpServer } from './server.ts';

/** Where the portal can be reached from this machine. */
export type Listening = { host: string; port: number; url: string };

/** Connections on which nothing was ever asked: browsers open them ahead of need, and Node does not count them as idle. */
const silentSockets = new WeakMap<object, Set<Socket>>();

/**
 * Starts to accept connections.
 *
 * @param http - the server with all its routes
 * @param address - `port` 0 lets the system choose one
 * @throws AppError that says which port and what to do
 */
export async function startListening(http: HttpServer, address: { host: string; port: number }): Promise<Listening> {
  const { host, port } = address;
  const silent = new Set<Socket>();
  http.server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  http.server.on('request', (request: IncomingMessage) => silent.delete(request.socket));
  silentSockets.set(http.server, silent);
  try {
    await http.listen({ host, port, listenTextResolver: (where) => `listening on ${where}` });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw httpErrors.portTaken({ host, port }, { cause: error });
    if (code === 'EACCES' || code === 'EPERM') throw httpErrors.portNotPermitted({ host, port }, { cause: error });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
      throw httpErrors.hostUnknown({ host, reason: message }, { cause: error });
    throw error;
  }
  const bound = http.server.address() as AddressInfo;
  const everywhere = host === '0.0.0.0' || host === '::' || host === '127.0.0.1' || host === '::1';
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return { host, port: bound.port, url: `http://${name}:${bound.port}` };
}

/**
 * Stops gracefully: no new connections, requests under way may finish, event streams are closed.
 *
 * @param http - the server
 * @param graceMs - after which connections that are still busy are cut
 */
export async function stopListening(http: HttpServer, graceMs = 10_000): Promise<void> {
  const timer = setTimeout(() => http.server.closeAllConnections(), graceMs);
  // A connection that was busy when closing began is idle later, and nobody else would end it.
  const sweep = setInterval(() => {
    http.server.closeIdleConnections();
    for (const socket of silentSockets.get(http.server) ?? []) socket.destroy();
  }, 50);
  try {
    await http.close();
  } finally {
    clearTimeout(timer);
    clearInterval(sweep);
  }
}
