/* The folders of a project that bun writes packages into. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectLink, readBounded, type ProjectLink } from '@tarwarden/host';

const BYTES_MAX = 1024 * 1024;

/** Folders of workspaces that are looked at. */
const FOLDERS_MAX = 10_000;

/** What bun itself writes there. */
const FILES = ['package.json', 'bun.lock'] as const;

/** A link out of the project that bun would write through, if it may be the repository's. */
export function linkOut(root: string): ProjectLink | undefined {
  return projectLink({ root, folders: [root, ...workspacesOf(root)], files: FILES });
}

/** Whether a folder has a package.json with workspaces. */
export function hasWorkspaces(folder: string): boolean {
  return patternsOf(folder) !== undefined;
}

/** Folders of the workspaces that package.json names whole, or by `*` for the last part of the path. */
function workspacesOf(root: string): string[] {
  return (patternsOf(root) ?? [])
    .filter((one) => !one.startsWith('!'))
    .flatMap((pattern) => {
      const plain = pattern.replace(/^\.\//, '').replace(/\/$/, '');
      const [, above] = /^([^*?[\]{}]*)\/?\*{1,2}$/.exec(plain) ?? [];
      if (above !== undefined)
        return foldersIn(join(root, above)).map((one) => join(root, above, one));
      return /[*?[\]{}]/.test(plain) ? [] : [join(root, plain)];
    })
    .slice(0, FOLDERS_MAX);
}

/** bun takes a list, and an object with a list in it. */
function patternsOf(folder: string): readonly string[] | undefined {
  try {
    const path = join(folder, 'package.json');
    const { bytes } = readBounded(path, { bytesMax: BYTES_MAX, follow: true });
    const { workspaces } = JSON.parse(bytes?.toString('utf8') ?? '{}') as {
      workspaces?: string[] | { packages?: string[] };
    };
    const list = Array.isArray(workspaces) ? workspaces : workspaces?.packages;
    return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : undefined;
  } catch {
    return undefined;
  }
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((one) => !one.isFile()).map(({ name }) => name);
  } catch {
    return [];
  }
}
