import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** How to start the browser of this run. */
export type Chromium = { executablePath: string; env: Record<string, string> };

const root = fileURLToPath(new URL('../..', import.meta.url));
const packageEntry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
const packageFolder = dirname(dirname(packageEntry));

const advice = 'Set TEST_CHROMIUM to the path of a Chromium or Chrome of this machine.';

/** Unpacks the packaged browser once; a half-done folder is never seen, also with several runs at the same time. */
function unpack(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const target = join(root, 'node_modules/.cache', `chromium-${version}`);
  if (existsSync(target)) return target;
  mkdirSync(dirname(target), { recursive: true });
  const scratch = mkdtempSync(`${target}-`);
  // The package unpacks to the temporary folder and takes whatever lies there for complete: give it a folder of its own.
  const script = `
    const { default: chromium, inflate } = await import(${JSON.stringify(pathToFileURL(packageEntry).href)});
    await chromium.executablePath();
    await inflate(${JSON.stringify(join(packageFolder, 'bin/al2023.tar.br'))});`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TMPDIR: scratch },
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    rmSync(scratch, { recursive: true, force: true });
    throw new Error(`The packaged Chromium could not be unpacked: ${result.stderr.trim()}\n${advice}`);
  }
  const fonts = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
    <dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir><dir>${target}/fonts</dir><cachedir>${target}/fonts-cache</cachedir>
  </fontconfig>\n`;
  writeFileSync(join(scratch, 'fonts.conf'), fonts);
  // Another user of this machine may run the next tests.
  for (const path of [scratch, join(scratch, 'chromium')]) chmodSync(path, 0o755);
  try {
    renameSync(scratch, target);
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** The system libraries that `executable` asks for and this machine lacks. */
function missingLibraries(executable: string, env: Record<string, string>): string[] {
  const { stdout } = spawnSync('ldd', [executable], { env: { ...process.env, ...env }, encoding: 'utf8' });
  return [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]!);
}

/** Finds the browser: TEST_CHROMIUM, else the one that the npm package ships, with the libraries and fonts that the machine lacks. */
export function findChromium(): Chromium {
  const given = process.env['TEST_CHROMIUM'];
  if (given) {
    if (!existsSync(given)) throw new Error(`TEST_CHROMIUM names ${given}, which does not exist.`);
    return { executablePath: given, env: {} };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`No browser is packaged for ${process.platform}-${process.arch}. ${advice}`);
  }
  const folder = unpack();
  const executablePath = join(folder, 'chromium');
  const env: Record<string, string> = { FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  if (missingLibraries(executablePath, env).length > 0) env['LD_LIBRARY_PATH'] = join(folder, 'al2023/lib');
  const missing = missingLibraries(executablePath, env);
  if (missing.length > 0)
    throw new Error(`The packaged Chromium needs libraries that are missing here: ${missing.join(', ')}. ${advice}`);
  return { executablePath, env };
}
