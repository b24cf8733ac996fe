import type { Host } from '@callboard/plugin-api';
import type { Flag } from './unleash.ts';

type Entity = Awaited<ReturnType<Host['catalog']['get']>>[number];
/** Which flags are an entity's, how that is known, and what was looked for. */
export type Matched = { flags: Flag[]; evidence?: string; looked: string };

const projectKey = 'unleash.io/project-id';
const tagsKey = 'unleash.io/filter-tags';

/** The flags of an entity: of the project and the tags of its annotations, else those that are tagged with its name, else of the project of its name. */
export function match(entity: Entity, flags: readonly Flag[]): Matched {
  const { name, namespace = 'default', annotations = {} } = entity.metadata;
  const ref = `${entity.kind}:${namespace}/${name}`.toLowerCase();
  const project = annotations[projectKey]?.trim();
  const tags = (annotations[tagsKey] ?? '').split(',').flatMap((tag) => {
    const word = tag.trim();
    return word === '' ? [] : [word.includes(':') ? word : `simple:${word}`];
  });
  if (project !== undefined || tags.length > 0) {
    const words = [
      project !== undefined && `project ${project} (annotation ${projectKey})`,
      tags.length > 0 && `tags ${tags.join(', ')} (annotation ${tagsKey})`,
    ].filter((each) => each !== false);
    const found = flags.filter(
      (flag) =>
        (project === undefined || flag.project === project) &&
        (tags.length === 0 || tags.some((tag) => flag.tags.includes(tag))),
    );
    return { flags: found, evidence: words.join(' and '), looked: words.join(' and ') };
  }
  const looked = `the annotation ${projectKey}, flags with a tag ‘${name}’ or ‘${ref}’, and a project ‘${name}’`;
  const isMeant = (tag: string) => {
    const value = tag.slice(tag.indexOf(':') + 1).toLowerCase();
    return (
      value === name.toLowerCase() ||
      value === ref ||
      tag.toLowerCase() === `${entity.kind.toLowerCase()}:${name.toLowerCase()}`
    );
  };
  const tagged = flags.filter((flag) => flag.tags.some(isMeant));
  if (tagged.length > 0) return { flags: tagged, evidence: `tagged with its name`, looked };
  const own = flags.filter((flag) => flag.project === name);
  return { flags: own, ...(own.length > 0 && { evidence: `project ${name}, which has its name` }), looked };
}
