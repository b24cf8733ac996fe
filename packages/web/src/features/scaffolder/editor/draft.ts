import type { TemplateSourceResponse } from '@callboard/model/http';
import { encoded, textOf } from '../parts/files.ts';

/** A file of a template that is being written; `text` only where it is a text. */
export type DraftFile = { base64Content: string; text?: string | undefined; executable: boolean };

/** A template that is being written: its files as they are now and as they were. */
export type Draft = {
  /** the file with the template */
  main: string;
  files: ReadonlyMap<string, DraftFile>;
  before: ReadonlyMap<string, DraftFile>;
};

const fileOf = (base64Content: string, executable: boolean): DraftFile => ({
  base64Content,
  text: textOf(base64Content),
  executable,
});

/** The draft of a template that the catalog has. */
export function draftOfSource({ path, files }: TemplateSourceResponse): Draft {
  const map = new Map(files.map((file) => [file.path, fileOf(file.base64Content, file.executable)]));
  return { main: path, files: map, before: map };
}

const looksLikeTemplate = ({ text }: DraftFile) => text !== undefined && /^kind:\s*['"]?Template\b/m.test(text);
const isTemplate = (path: string, file: DraftFile) => /\.ya?ml$/.test(path) && looksLikeTemplate(file);

/** The file that has the template: the one nearest to the top. */
export function findMain(files: ReadonlyMap<string, DraftFile>): string | undefined {
  const depth = (path: string) => path.split('/').length;
  return [...files]
    .filter(([path, file]) => isTemplate(path, file))
    .map(([path]) => path)
    .toSorted((a, b) => depth(a) - depth(b) || a.localeCompare(b))[0];
}

/**
 * The draft of a folder from this computer.
 *
 * @param files - by path within the folder
 */
export function draftOfFolder(files: ReadonlyMap<string, Uint8Array>): Draft | undefined {
  const map = new Map([...files].map(([path, bytes]) => [path, fileOf(encoded(bytes), false)] as const));
  const main = findMain(map);
  return main === undefined ? undefined : { main, files: map, before: map };
}

const starter: Record<string, string> = {
  'template.yaml': `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: first-template
  title: First template
  description: Says in one line what somebody gets.
spec:
  owner: platform
  type: service
  parameters:
    - title: About
      required: [name]
      properties:
        name:
          title: Name
          type: string
          ui:field: EntityNamePicker
        database:
          title: Needs a database
          type: boolean
          default: false
  steps:
    - id: files
      name: Write the files
      action: fetch:template
      input:
        url: ./skeleton
        values:
          name: \${{ parameters.name }}
          database: \${{ parameters.database }}
    - id: publish
      name: Make the repository
      action: publish:git
      input:
        remoteUrl: \${{ parameters.name }}.git
    - id: register
      name: Add it to the catalog
      action: catalog:register
      input:
        repoContentsUrl: \${{ steps.publish.output.repoContentsUrl }}
  output:
    links:
      - title: Open it
        entityRef: \${{ steps.register.output.entityRef }}
`,
  'skeleton/catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: \${{ values.name }}
spec:
  type: service
  lifecycle: experimental
  owner: platform
`,
  'skeleton/README.md': '# ${{ values.name }}\n',
};

/** A template to begin with. */
export function newDraft(): Draft {
  const files = new Map(Object.entries(starter).map(([path, text]) => [path, fileOf(encoded(text), false)] as const));
  return { main: 'template.yaml', files, before: new Map() };
}

/** The draft with another text in a file, which may be new. */
export function withText(draft: Draft, path: string, text: string): Draft {
  const executable = draft.files.get(path)?.executable ?? false;
  const files = new Map(draft.files).set(path, { base64Content: encoded(text), text, executable });
  return { ...draft, files };
}

/** The draft without a file. The template itself stays. */
export function withoutFile(draft: Draft, path: string): Draft {
  if (path === draft.main) return draft;
  const files = new Map(draft.files);
  files.delete(path);
  return { ...draft, files };
}

/** Whether a file is another template of the folder, which could be tried out instead. */
export const isOtherTemplate = (draft: Draft, path: string): boolean =>
  path !== draft.main && isTemplate(path, draft.files.get(path)!);

/** Why a path cannot be that of a new file, or nothing. */
export function faultOfPath(draft: Draft, path: string): string | undefined {
  if (path === '') return 'Give it a path, such as skeleton/README.md.';
  if (
    path.startsWith('/') ||
    path.endsWith('/') ||
    path.split('/').some((part) => ['', '.', '..', '.git'].includes(part))
  )
    return 'A path within the folder, such as skeleton/README.md.';
  return draft.files.has(path) ? 'There is such a file.' : undefined;
}

export type Change = { path: string; kind: 'new' | 'changed' | 'removed' };

/** What is different from the beginning. */
export function changesOf({ files, before }: Draft): Change[] {
  const now = [...files].flatMap(([path, { base64Content }]): Change[] => {
    const was = before.get(path);
    if (!was) return [{ path, kind: 'new' }];
    return was.base64Content === base64Content ? [] : [{ path, kind: 'changed' }];
  });
  const gone = [...before.keys()].filter((path) => !files.has(path)).map((path): Change => ({ path, kind: 'removed' }));
  return [...now, ...gone].toSorted((a, b) => a.path.localeCompare(b.path));
}

/** The draft after a file was saved: it is as it was from now on. */
export function withSaved(draft: Draft, path: string): Draft {
  const file = draft.files.get(path);
  return file ? { ...draft, before: new Map(draft.before).set(path, file) } : draft;
}

/** The folder as the API takes it. */
export const uploadOf = ({ files }: Draft): { path: string; base64Content: string }[] =>
  [...files].map(([path, { base64Content }]) => ({ path, base64Content }));

/** Files that a template may put into itself with `$yaml`, `$json` or `$text`. */
export const includesOf = (draft: Draft) =>
  uploadOf(draft).filter(
    ({ path }) => path !== draft.main && /\.(ya?ml|json|md|txt)$/.test(path) && !path.includes('${{'),
  );
