/**
 * The first module of a plugin's process: takes away what a plugin has no use for, then runs it over file descriptor 3. Frames are a length
 * (four bytes, big endian) and that many bytes of JSON.
 */
import { registerHooks } from 'node:module';

// Fetched, not imported: this module takes the network away, it does not use it.
const net = process.getBuiltinModule('node:net');
const runtime = process.argv[2];
const { createRunner } = await import(runtime);
const line = new net.Socket({ fd: 3, readable: true, writable: true });

const denied = (what) =>
  function refuse() {
    throw Object.assign(new Error(`A plugin may not ${what}; use host.fetch for granted hosts`), {
      code: 'ERR_PLUGIN_NET',
    });
  };

// A belt for mistakes and haste. What truly ends at the process is said in the guide of plugins.
const dgram = process.getBuiltinModule('node:dgram');
const { kill } = process;
net.Socket.prototype.connect = denied('open connections');
net.Server.prototype.listen = denied('listen');
dgram.Socket.prototype.bind = denied('use datagrams');
dgram.Socket.prototype.send = denied('use datagrams');
dgram.Socket.prototype.connect = denied('use datagrams');
for (const name of ['fetch', 'WebSocket', 'EventSource']) Reflect.set(globalThis, name, denied('call hosts itself'));
process.kill = (id, signal) => {
  if (id !== process.pid)
    throw Object.assign(new Error('A plugin may not signal other processes'), { code: 'ERR_PLUGIN_KILL' });
  return kill.call(process, id, signal);
};
process.dlopen = denied('load native code');
for (const name of ['dns', 'dns/promises'])
  for (const key of Object.keys(process.getBuiltinModule(`node:${name}`)))
    if (/^(lookup|resolve|reverse)/.test(key)) process.getBuiltinModule(`node:${name}`)[key] = denied('resolve names');

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@callboard/plugin-api') return { url: runtime, format: 'module', shortCircuit: true };
    const [, part] = /^@callboard\/plugin-api\/((?:formats\/)?[a-z-]+)$/.exec(specifier) ?? [];
    if (part !== undefined)
      return { url: new URL(`kit/${part}.js`, runtime).href, format: 'module', shortCircuit: true };
    return next(specifier, context);
  },
});

const send = (message) => {
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  const head = Buffer.allocUnsafe(4);
  head.writeUInt32BE(body.length);
  line.write(Buffer.concat([head, body]));
};

const receive = createRunner(send, (entry) => import(entry));
let waiting = Buffer.alloc(0);
line.on('data', (chunk) => {
  waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
  while (waiting.length >= 4) {
    const end = 4 + waiting.readUInt32BE(0);
    if (waiting.length < end) return;
    const text = waiting.toString('utf8', 4, end);
    waiting = waiting.subarray(end);
    receive(JSON.parse(text));
  }
});
line.on('end', () => process.exit(0));
line.on('error', () => process.exit(0));
