/* The folders that package.json says packages of the project are in: Yarn 1 does not have them in its lockfile. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of one project; the rest is as if its names were not known. */
const FOLDERS_MAX = 20_000;

export interface Workspaces {
  readonly folders: readonly string[];
  /** Whether there may be more: patterns that are not read here. */
  readonly isOpen: boolean;
}

/** Reads `folder` and `folder/*`, which is what nearly all projects have. What leads out of the project is not theirs. */
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
