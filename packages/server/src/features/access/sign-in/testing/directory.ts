/**
 * A directory for tests: OpenLDAP's slapd where the machine has it, else the LDAP server of npm's `ldapjs`. `TEST_SLAPD` names a folder into
 * which Debian's packages slapd, libldap-2.5-0, libltdl7 and libwrap0 were unpacked, for machines on which nothing may be installed.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ldap from 'ldapjs';

/** Entries by their name; those above others come first. */
export type Entries = Record<string, Record<string, string | string[]>>;

export type TestDirectory = {
  url: string;
  /** Binds and searches, in order */
  asked: string[];
  stop(): Promise<void>;
};

const root = process.env['TEST_SLAPD'] ?? '';
const program = `${root}/usr/sbin/slapd`;

/** What answers, for the names of tests. */
export const directoryServer = existsSync(program) ? 'slapd' : 'ldapjs';

const freePort = () =>
  new Promise<number>((go) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => go(port));
    });
  });

async function startSlapd(base: string, entries: Entries): Promise<TestDirectory> {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-slapd-'));
  mkdirSync(join(folder, 'db'));
  const schemas = ['core', 'cosine', 'inetorgperson'].map((name) => `include ${root}/etc/ldap/schema/${name}.schema`);
  const configuration = join(folder, 'slapd.conf');
  writeFileSync(
    configuration,
    `${schemas.join('\n')}
modulepath ${root}/usr/lib/ldap
moduleload back_mdb
database mdb
suffix "${base}"
directory ${join(folder, 'db')}
access to attrs=userPassword by anonymous auth by * none
access to * by * read
`,
  );
  const ldif = Object.entries(entries).map(([dn, attributes]) => {
    const lines = Object.entries(attributes).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
    return `dn: ${dn}\n${lines.join('\n')}\n`;
  });
  writeFileSync(join(folder, 'entries.ldif'), ldif.join('\n'));
  const libraries = readdirSync(`${root}/usr/lib`)
    .filter((name) => name.includes('-linux-gnu'))
    .map((name) => `${root}/usr/lib/${name}`);
  const env = { ...process.env, ...(root !== '' && { LD_LIBRARY_PATH: libraries.join(':') }) };
  const added = spawnSync(program, ['-T', 'add', '-f', configuration, '-l', join(folder, 'entries.ldif')], { env });
  if (added.status !== 0) throw new Error(`slapadd failed: ${added.stderr.toString()}`);
  const url = `ldap://127.0.0.1:${await freePort()}`;
  const asked: string[] = [];
  const child: ChildProcess = spawn(program, ['-f', configuration, '-h', url, '-d', '256'], { env });
  const ended = new Promise<void>((go) => child.once('close', () => go()));
  await new Promise<void>((go, fail) => {
    let rest = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const [, bound] = / BIND dn="(.*)" method=/.exec(line) ?? [];
        const [, filter] = / SRCH .* filter="(.*)"$/.exec(line) ?? [];
        if (bound !== undefined) asked.push(`bind ${bound}`);
        if (filter !== undefined) asked.push(`search ${filter}`);
        if (line.includes('slapd starting')) go();
      }
    });
    void ended.then(() => fail(new Error('slapd ended')));
  });
  return {
    url,
    asked,
    async stop() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const plain = (dn: string) => dn.replaceAll(/\s*,\s*/g, ',').toLowerCase();

/** Answers binds and searches as RFC 4511 says. */
async function startLdapjs(base: string, entries: Entries): Promise<TestDirectory> {
  const asked: string[] = [];
  const server = ldap.createServer();
  const find = (dn: string) => Object.entries(entries).find(([key]) => plain(key) === plain(dn));
  server.bind('', (request: any, response: any, next: any) => {
    const dn = String(request.dn);
    asked.push(`bind ${dn}`);
    // As RFC 4513 says: a name without a password is nobody, and that succeeds.
    if (request.credentials === '') return (response.end(), next());
    if (find(dn)?.[1]['userPassword'] !== request.credentials) return next(new ldap.InvalidCredentialsError());
    response.end();
    return next();
  });
  server.search(base, (request: any, response: any, next: any) => {
    asked.push(`search ${String(request.filter)}`);
    for (const [dn, attributes] of Object.entries(entries)) {
      if (!plain(dn).endsWith(plain(String(request.dn)))) continue;
      const { userPassword: _secret, ...shown } = attributes;
      if (request.filter.matches(shown)) response.send({ dn, attributes: shown });
    }
    response.end();
    return next();
  });
  const url = await new Promise<string>((go) =>
    server.listen(0, '127.0.0.1', () => go(`ldap://127.0.0.1:${server.port}`)),
  );
  return { url, asked, stop: () => new Promise<void>((go) => server.close(() => go())) };
}

/** Starts a directory that has these entries. */
export const startDirectory = (base: string, entries: Entries): Promise<TestDirectory> =>
  directoryServer === 'slapd' ? startSlapd(base, entries) : startLdapjs(base, entries);
