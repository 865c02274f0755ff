/* Finds the folders of workspaces by the patterns in package.json. The lockfile of Yarn 1 does not name them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of one project. Further ones count as packages with unknown names. */
const FOLDERS_MAX = 20_000;

export interface Workspaces {
  readonly folders: readonly string[];
  /** Whether there may be more folders, because a pattern is not read here. */
  readonly isOpen: boolean;
}

/** Reads the patterns `folder` and `folder/*`. Nearly all projects have no others. */
export function workspacesIn(root: string, patterns: readonly string[]): Workspaces {
  const folders: string[] = [];
  let isOpen = false;
  for (const pattern of patterns) {
    const path = pattern.replace(/^\.\//, '').replace(/\/$/, '');
    const parent = path.replace(/\/\*$/, '');
    if (/[*?{}[\]!()]/.test(parent) || path === '*') isOpen = true;
    else if (parent === path) folders.push(path);
    else folders.push(...foldersOf(join(root, parent)).map((name) => `${parent}/${name}`));
  }
  isOpen ||= folders.length > FOLDERS_MAX;
  return { folders: folders.slice(0, FOLDERS_MAX), isOpen };
}

function foldersOf(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}
