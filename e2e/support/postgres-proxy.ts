import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * How a server that is away looks like from here: `refused` (its machine is up, it is not), `silent` (the network swallows everything),
 * `starting` (it takes connections and says that it is not ready yet).
 */
export type Outage = 'refused' | 'silent' | 'starting';

/** A way to a PostgreSQL server that can be cut and mended while both ends run. */
export type PostgresProxy = {
  url: string;
  cut(outage: Outage): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
};

/** What a server says to a client while it starts up: error 57P03. */
const startingUp = (() => {
  const fields = ['SFATAL', 'VFATAL', 'C57P03', 'Mthe database system is starting up'].map((field) => `${field}\0`);
  const body = Buffer.from(`${fields.join('')}\0`);
  const head = Buffer.alloc(5, 'E');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
})();

/** Listens on a port of its own and passes everything on to the server of `target`. */
export async function startPostgresProxy(target: string): Promise<PostgresProxy> {
  const address = new URL(target);
  const sockets = new Set<Socket>();
  let outage: Outage | undefined;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (outage === 'silent') return;
    if (outage === 'starting') {
      client.once('data', () => client.end(startingUp));
      return;
    }
    const upstream = connect(Number(address.port || 5432), address.hostname);
    keep(upstream);
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const stopListening = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href.replaceAll('+', '%20'),
    async cut(kind) {
      outage = kind;
      if (kind === 'refused') await stopListening();
      else for (const socket of sockets) socket.destroy();
    },
    async mend() {
      outage = undefined;
      for (const socket of sockets) socket.destroy();
      if (!server.listening) await listen(port);
    },
    close: stopListening,
  };
}
