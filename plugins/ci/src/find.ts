import type { CiHost, Entity, Pipeline, Vendor } from './model.ts';

/** What was found for an entity, in words what was looked for and not found, and whether it says at all where it is built or where its source is. */
export type Found = { pipelines: Pipeline[]; looked: string[]; isNamed: boolean };

const annotations: { vendor: Vendor; keys: string[]; product: string }[] = [
  { vendor: 'github', keys: ['github.com/project-slug'], product: 'GitHub' },
  { vendor: 'gitlab', keys: ['gitlab.com/project-slug', 'gitlab.com/project-id'], product: 'GitLab' },
  { vendor: 'gitea', keys: ['gitea.com/repo-slug'], product: 'Gitea' },
  { vendor: 'jenkins', keys: ['jenkins.io/job-full-name', 'jenkins.io/github-folder'], product: 'Jenkins' },
];
const locations = ['backstage.io/source-location', 'backstage.io/managed-by-location'];

/** Whether a path names a project and nothing else: no word of it may lead to another address of the API. */
function isProject(vendor: Vendor, path: string): boolean {
  const words = path.split('/');
  const isWhole = vendor === 'github' || vendor === 'gitea' ? words.length === 2 : true;
  return (
    isWhole &&
    path.length <= 500 &&
    words.every((word) => word !== '' && word !== '.' && word !== '..' && !/[\\?#]/.test(word))
  );
}

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/** The project that an address of a host leads to; undefined when it leads elsewhere. */
function projectAt(ci: CiHost, url: URL): { project: string; branch?: string } | undefined {
  const root = new URL(ci.address);
  if (ci.vendor === 'jenkins' || url.host !== root.host) return undefined;
  const start = root.pathname === '/' ? '/' : `${root.pathname}/`;
  if (!url.pathname.startsWith(start)) return undefined;
  const path = decoded(url.pathname.slice(start.length)).replace(/\/+$/, '');
  const words = path.split('/');
  const [, , , ...after] = words;
  const found =
    ci.vendor === 'gitlab'
      ? { project: path.split('/-/')[0]!, branch: /\/-\/(?:tree|blob)\/([^/]+)/.exec(path)?.[1] }
      : { project: words.slice(0, 2).join('/'), branch: ci.vendor === 'gitea' ? after[1] : after[0] };
  const project = found.project.replace(/\.git$/, '');
  return project.includes('/') && isProject(ci.vendor, project) ? { ...found, project } : undefined;
}

/** What builds an entity: by its annotations, else by where its source is. */
export function findPipelines(entity: Entity, hosts: readonly CiHost[]): Found {
  const said = entity.metadata.annotations ?? {};
  const looked: string[] = [];
  const pipelines: Pipeline[] = [];
  const sources = locations.flatMap((key) => {
    const address = /^url:(.+)$/.exec(said[key] ?? '')?.[1];
    if (address === undefined || !URL.canParse(address)) return [];
    const url = new URL(address);
    const at = hosts.flatMap((ci) => {
      const project = projectAt(ci, url);
      return project ? [{ ci, ...project }] : [];
    });
    return [{ key, url, at }];
  });

  for (const { vendor, keys, product } of annotations) {
    const key = keys.find((each) => said[each] !== undefined);
    if (key === undefined) {
      looked.push(`the annotation ${keys[0]}`);
      continue;
    }
    const own = hosts.filter((each) => each.vendor === vendor);
    const value = said[key]!.trim();
    const [, instance, job] = (vendor === 'jenkins' && /^([^/:]+):(.+)$/.exec(value)) || [];
    const wanted = instance ?? (vendor === 'gitlab' ? said['gitlab.com/instance'] : undefined);
    const source = sources.flatMap(({ at }) => at).find((each) => each.ci.vendor === vendor);
    const ci =
      wanted === undefined
        ? (source?.ci ?? own.find(({ name }) => ['default', `${vendor}.com`].includes(name)) ?? own[0])
        : own.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    const project = (job ?? value).replace(/^\/+|\/+$/g, '');
    if (ci === undefined)
      looked.push(
        `${project} (annotation ${key}), but no ${product}${wanted === undefined ? '' : ` of the name ${wanted}`} is configured`,
      );
    else if (!isProject(vendor, project))
      looked.push(`the annotation ${key}, but ‘${value.slice(0, 100)}’ names no project`);
    else pipelines.push({ ci, project, evidence: `annotation ${key}`, branch: source?.branch });
  }
  const isNamed = sources.length > 0 || annotations.some(({ keys }) => keys.some((key) => said[key] !== undefined));
  if (pipelines.length > 0) return { pipelines, looked, isNamed };

  for (const { key, url, at } of sources) {
    const [found] = at;
    if (found) return { pipelines: [{ ...found, evidence: `${key}: its source is there` }], looked, isNamed };
    looked.push(`a configured host for its source at ${url.host}${url.pathname}`.slice(0, 300));
  }
  if (sources.length === 0) looked.push(`the annotation ${locations[0]}`);
  return { pipelines, looked, isNamed };
}

/** Names a pipeline within the plugin. */
export const keyOf = ({ ci, project }: Pipeline): string => `${ci.vendor}/${ci.name}/${project}`;
