/**
 * Keeps package-lock.json complete for every platform. npm leaves out an optional package of another platform when the registry it asks lacks that
 * version, and `npm ci` then refuses the whole lockfile. The missing lines can be told from the lockfile alone: name and exact version stand in the
 * package that wants them, system and processor in their name. `node scripts/lockfile.mjs` adds them, `--check` lists them and fails.
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** What a package's name says about where it runs: `@oxfmt/binding-linux-x64-musl` → linux, x64, musl. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  const libc =
    os !== 'linux'
      ? undefined
      : words.some((word) => word.startsWith('musl'))
        ? 'musl'
        : words.includes('gnu') && 'glibc';
  return cpu && (os || cpu === 'wasm32')
    ? { cpu: [cpu], ...(libc && { libc: [libc] }), ...(os && { os: [os] }) }
    : undefined;
}

/** Where Node would find `name` from the package at `path`, as keys of the lockfile, nearest first. */
function* places(path, name) {
  for (let base = path; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    yield `${base ? `${base}/` : ''}node_modules/${name}`;
    if (!base) return;
  }
}

/** Lines that `packages` of a lockfile lack: key and entry of each optional package that another one names. */
export function missingEntries(packages) {
  const missing = {};
  for (const [path, wanting] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(wanting.optionalDependencies ?? {})) {
      if ([...places(path, name)].some((key) => packages[key])) continue;
      const platform = platformOf(name);
      if (!platform || !/^\d[\w.+-]*$/.test(version)) {
        throw new Error(
          `package-lock.json lacks ${name}@${version}, which ${path} wants, and its platform cannot be told from its name`,
        );
      }
      const { cpu, libc, os } = platform;
      missing[`node_modules/${name}`] = {
        version,
        cpu,
        ...(wanting.dev && { dev: true }),
        ...(libc && { libc }),
        optional: true,
        ...(os && { os }),
      };
    }
  }
  return missing;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const file = new URL('../package-lock.json', import.meta.url);
  const lockfile = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingEntries(lockfile.packages);
  const names = Object.keys(missing);
  if (process.argv.includes('--check')) {
    if (names.length > 0) {
      const list = names.map((name) => `  ${name}`).join('\n');
      console.error(
        `package-lock.json lacks ${names.length} packages of other platforms; \`node scripts/lockfile.mjs\` adds them:\n${list}`,
      );
      process.exitCode = 1;
    }
  } else if (names.length > 0) {
    const { '': root, ...others } = { ...lockfile.packages, ...missing };
    const sorted = Object.entries(others).sort(([a], [b]) => a.localeCompare(b, 'en'));
    lockfile.packages = { '': root, ...Object.fromEntries(sorted) };
    writeFileSync(file, `${JSON.stringify(lockfile, null, 2)}\n`);
    console.log(`package-lock.json: ${names.length} packages of other platforms added`);
  }
}
