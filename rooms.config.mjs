/**
 * The rules of the house, one sentence each. `npm run check` holds every source file to them; there is no way to switch one off for a file.
 * A rule changes by a decision record in docs/decisions/.
 *
 * A rule says where it holds (`in`, `except`) and what must not be there: an import (`imports` is given the import's target, a file of the
 * repository, `node:…` or `npm:…`, and the match of `in`), or words in the code (`code`). `circles`, `declared` and `maxLines` are rules of their own kind.
 */

const tests = String.raw`(\.test\.(ts|tsx|mjs)$|/testing(/|\.ts$)|^e2e/|^bench/)`;
const tools = String.raw`(^scripts/|(^|/)[\w-]+\.config\.(ts|mjs|js)$)`;
const testsOnly = new RegExp(tests);
const testsAndTools = new RegExp(`${tests}|${tools}`);

const anyPackage = /^(packages|plugins)\//;
const feature = /^packages\/(server|web)\/src\/features\/([\w-]+)\//;

/** Which features a feature may stand on; those that are not named stand on `access` and `catalog`. */
const standsOn = { access: [], catalog: ['access'] };

const vendors = [
  'auth0',
  'azure',
  'bitbucket',
  'circleci',
  'confluence',
  'datadog',
  'dynatrace',
  'forgejo',
  'gerrit',
  'gitea',
  'github',
  'gitlab',
  'grafana',
  'jenkins',
  'jira',
  'keycloak',
  'kubernetes',
  'ldap',
  'newrelic',
  'oidc',
  'okta',
  'opsgenie',
  'pagerduty',
  'prometheus',
  'sentry',
  'slack',
  'snyk',
  'sonarqube',
];

const networkModules =
  /^(node:(http|https|http2|net|tls|dgram|dns|dns\/promises)|npm:(undici|ws|axios|got|node-fetch))$/;

export default [
  {
    name: 'no-circles',
    rule: 'Modules never depend on each other in a circle, types included.',
    circles: true,
  },
  {
    name: 'model-stands-alone',
    rule: 'The model imports nothing of ours and no Node module.',
    in: /^packages\/model\//,
    except: testsAndTools,
    imports: (target) => /^(node:|packages\/(?!model\/)|plugins\/)/.test(target),
  },
  {
    name: 'plugin-api-on-model',
    rule: 'plugin-api imports the model and nothing else; its kit also node:crypto.',
    in: /^packages\/plugin-api\/src\/(kit\/)?/,
    except: testsAndTools,
    imports: (target, [, kit]) =>
      !/^packages\/(plugin-api|model)\//.test(target) && !(kit !== undefined && target === 'node:crypto'),
  },
  {
    name: 'plugins-are-guests',
    rule: 'A plugin imports plugin-api and its own dependencies, and never another plugin.',
    in: /^plugins\/([\w-]+)\//,
    imports: (target, [, plugin]) =>
      /^(packages\/(?!plugin-api\/)|plugins\/)/.test(target) && !target.startsWith(`plugins/${plugin}/`),
  },
  {
    name: 'core-knows-no-feature',
    rule: 'core never imports a feature.',
    in: /^packages\/(server|web)\/src\/core\//,
    imports: (target) => feature.test(target),
  },
  {
    name: 'feature-door',
    rule: 'A feature is imported from outside by its index.ts only.',
    in: /^(?:packages\/(server|web)\/src\/features\/([\w-]+)\/)?/,
    imports: (target, [own]) =>
      feature.test(target) && (!own || !target.startsWith(own)) && !/\/features\/[\w-]+\/index\.tsx?$/.test(target),
  },
  {
    name: 'feature-order',
    rule: 'access stands on no feature, catalog on access, every other feature on access and catalog only.',
    in: feature,
    imports: (target, [, side, own]) => {
      const [, otherSide, other] = feature.exec(target) ?? [];
      return otherSide === side && other !== own && !(standsOn[own] ?? ['access', 'catalog']).includes(other);
    },
  },
  {
    name: 'store-owns-sql',
    rule: 'In a feature only store.ts, store/ and migrations/ import values of core/db or of the query builder; the rest names their types.',
    in: /^packages\/server\/src\/features\//,
    except: new RegExp(String.raw`${tests}|/store\.ts$|/store/|/migrations/`),
    valuesOnly: true,
    imports: (target) => /^(packages\/server\/src\/core\/db\/|npm:(kysely|pg)$|node:sqlite$)/.test(target),
  },
  {
    name: 'web-without-server',
    rule: 'The web app imports the model and plugin-api, never the server, the command line or a Node module.',
    in: /^packages\/web\//,
    except: testsAndTools,
    imports: (target) => /^(node:|packages\/(server|cli)\/)/.test(target),
  },
  {
    name: 'packages-by-entry',
    rule: 'A package is imported from another one by its name, never by a path into it.',
    in: /^(packages|plugins)\/([\w-]+)\//,
    imports: (target, [own], found) => /^(packages|plugins)\//.test(target) && !target.startsWith(own) && !found.entry,
  },
  {
    name: 'black-box',
    rule: 'e2e and bench import nothing of ours; they start programs.',
    in: /^(e2e|bench)\//,
    imports: (target, [own], found) =>
      /^(packages|plugins|scripts|e2e|bench)\//.test(target) && !target.startsWith(own) && !found.address,
  },
  {
    name: 'one-environment',
    rule: 'The environment is read in core/config and in the command’s bin only.',
    in: anyPackage,
    except: new RegExp(String.raw`${tests}|${tools}|^packages/server/src/core/config/|^packages/cli/bin/`),
    code: /\bprocess\s*(?:\.\s*env\b|\[\s*['"]env['"]\s*\])|\bimport\.meta\.env\b(?!\.(?:DEV|PROD|MODE|BASE_URL)\b)/,
  },
  {
    name: 'one-way-out-modules',
    rule: 'Modules that open connections are imported in core/outbound only.',
    in: anyPackage,
    except: new RegExp(String.raw`${tests}|${tools}|^packages/server/src/core/outbound/`),
    valuesOnly: true,
    imports: (target) => networkModules.test(target),
  },
  {
    name: 'one-way-out-calls',
    rule: 'Requests leave through core/outbound on the server and through core/api in the web app only.',
    in: anyPackage,
    except: new RegExp(String.raw`${tests}|${tools}|^packages/server/src/core/outbound/|^packages/web/src/core/api/`),
    code: /(?<![.\w$]|function\s)fetch\s*\(|\b(?:globalThis|window|self)\s*\.\s*fetch\b|\bnew\s+(?:WebSocket|EventSource|XMLHttpRequest)\b|\bsendBeacon\s*\(/,
  },
  {
    name: 'vendors-are-plugins',
    rule: 'A vendor’s name stands under plugins/ and formats/ only.',
    in: /^packages\//,
    except: new RegExp(String.raw`${tests}|${tools}|/formats/`),
    text: new RegExp(vendors.join('|'), 'i'),
  },
  {
    name: 'sources-without-tests',
    rule: 'Sources never import tests or test kits.',
    in: /^(packages|plugins)\//,
    except: testsAndTools,
    imports: (target) => /\.test\.tsx?$|\/testing(\/|\.ts$)|^npm:(vitest|fast-check|playwright-core)$/.test(target),
  },
  {
    name: 'declared-packages',
    rule: 'Every imported package is declared in the nearest package.json; tests and tools may also use the tools of the root.',
    declared: true,
    mayUseDevelopmentPackages: testsAndTools,
  },
  {
    name: 'short-files',
    rule: 'No source file is longer than 500 lines; tests may be.',
    except: testsOnly,
    maxLines: 500,
  },
];
