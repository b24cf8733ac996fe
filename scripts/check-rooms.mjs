/** Holds every source file to the rules of rooms.config.mjs: `node scripts/check-rooms.mjs [root]`. No dependencies. */
import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findCircles, readModules } from './rooms/modules.mjs';
import { lineAt, matchesInCode } from './rooms/scan.mjs';

const repository = fileURLToPath(new URL('..', import.meta.url));

const holds = (rule, path) => (!rule.in || rule.in.test(path)) && !rule.except?.test(path);

/** How an import looks to a rule: a file of the repository, `node:…` or `npm:…`. */
const targetOf = (found) => (found.kind === 'package' ? `npm:${found.target}` : found.target);

function importFindings(rule, module) {
  const match = rule.in.exec(module.path);
  const forbidden = module.imports.filter(
    (found) =>
      found.kind !== 'missing' && !(rule.valuesOnly && found.typeOnly) && rule.imports(targetOf(found), match, found),
  );
  return forbidden.map(({ line, name }) => ({ line, message: `imports ${name}` }));
}

const everywhere = (pattern) => new RegExp(pattern.source, `${pattern.flags}g`);

function codeFindings({ code }, { stripped }) {
  const matches = [...matchesInCode(stripped, everywhere(code))];
  return matches.map(({ match, index }) => ({
    line: lineAt(stripped.code, index),
    message: `says ${match[0].trim()}`,
  }));
}

function textFindings({ text }, { stripped }) {
  const matches = [...stripped.text.matchAll(everywhere(text))];
  return matches.map((match) => ({ line: lineAt(stripped.text, match.index), message: `says ${match[0]}` }));
}

function declaredFindings(rule, module, { workspaces, rootPackage }) {
  const { package: nearest } = module;
  const declared = new Set(
    [nearest?.dependencies, nearest?.peerDependencies, nearest?.optionalDependencies].flatMap((list) =>
      Object.keys(list ?? {}),
    ),
  );
  const development = new Set(
    [nearest?.devDependencies, rootPackage?.devDependencies].flatMap((list) => Object.keys(list ?? {})),
  );
  const findings = [];
  for (const found of module.imports) {
    const name = found.kind === 'package' ? found.target : found.entry;
    if (found.kind === 'missing')
      findings.push({ line: found.line, message: `imports ${found.name}, which does not exist` });
    if (!name || name === nearest?.name || declared.has(name)) continue;
    // Types are gone at run time; the tools of the root never reach a user.
    const mayUseTools = found.typeOnly || rule.mayUseDevelopmentPackages.test(module.path) || nearest === rootPackage;
    if (mayUseTools && (development.has(name) || development.has(typesOf(name)) || workspaces.has(name))) continue;
    findings.push({
      line: found.line,
      message: `imports ${name}, which ${nearest?.folder ?? '.'}/package.json does not declare`,
    });
  }
  return findings;
}

const typesOf = (name) => `@types/${name.replace(/^@([^/]+)\//, '$1__')}`;

function findingsOf(rule, repositoryModules) {
  const { modules } = repositoryModules;
  if (rule.circles) {
    return findCircles(modules).map((way) => {
      const { line } = modules.get(way[0]).imports.find(({ target }) => target === (way[1] ?? way[0]));
      return { file: way[0], line, message: `circle: ${[...way, way[0]].join(' → ')}` };
    });
  }
  return [...modules.values()].flatMap((module) => {
    if (!holds(rule, module.path)) return [];
    const findings = [];
    if (rule.imports) findings.push(...importFindings(rule, module));
    if (rule.code) findings.push(...codeFindings(rule, module));
    if (rule.text) findings.push(...textFindings(rule, module));
    if (rule.declared) findings.push(...declaredFindings(rule, module, repositoryModules));
    if (module.lines > rule.maxLines) findings.push({ line: module.lines, message: `is ${module.lines} lines long` });
    return findings.map((finding) => ({ file: module.path, ...finding }));
  });
}

/**
 * Checks the repository at `root`.
 *
 * @param root - its folder, with package.json and workspaces
 * @param rules - as in rooms.config.mjs
 * @returns how many modules were read and every finding: rule, file, line, message
 */
export function checkRooms(root, rules) {
  const repositoryModules = readModules(root);
  const findings = rules.flatMap((rule) =>
    findingsOf(rule, repositoryModules).map((finding) => ({ rule: rule.name, ...finding })),
  );
  return { modules: repositoryModules.modules.size, findings };
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = resolve(process.argv[2] ?? repository);
  const { default: rules } = await import(pathToFileURL(join(root, 'rooms.config.mjs')).href);
  const { modules, findings } = checkRooms(root, rules);
  for (const rule of rules) {
    const own = findings.filter((finding) => finding.rule === rule.name);
    if (own.length === 0) continue;
    console.error(`${rule.name}: ${rule.rule}`);
    for (const { file, line, message } of own) console.error(`  ${file}:${line} ${message}`);
  }
  if (findings.length > 0) process.exitCode = 1;
  else console.log(`${modules} modules keep the ${rules.length} rules`);
}
