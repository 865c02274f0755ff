/* Reads folders on a disk that every worker sees: archives anywhere below, or the storage of a verdaccio. Links are not followed. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { printablePath } from '@tarwarden/core/text';
import { isPackageName } from '../names.ts';
import { TASK_ITEMS } from '../tasks.ts';
import { SourceError, type Part, type SweepSource } from './source.ts';

export function folderSource(folder: string): SweepSource {
  return {
    id: `folder:${folder}`,
    isEndless: false,
    folder,
    parts: (after) => filesIn(folder, after),
  };
}

export function verdaccioSource(folder: string): SweepSource {
  return {
    id: `verdaccio:${folder}`,
    isEndless: false,
    folder,
    byPackage: true,
    parts: (after) => packagesIn(folder, after),
  };
}

/** The most levels of folders. */
const DEPTH_MAX = 32;
/** The most packages in one part. */
const PART_PACKAGES = 500;

async function* filesIn(folder: string, after: string | undefined): AsyncGenerator<Part> {
  let paths: string[] = [];
  for await (const path of archivesBelow(folder, '', 0)) {
    if (after !== undefined && path <= after) continue;
    paths.push(path);
    if (paths.length < TASK_ITEMS) continue;
    yield { works: [{ kind: 'files', paths }], seq: path };
    paths = [];
  }
  const last = paths.at(-1);
  if (last !== undefined) yield { works: [{ kind: 'files', paths }], seq: last };
}

/** Paths below the folder, with `/`, sorted by their characters. */
async function* archivesBelow(root: string, below: string, depth: number): AsyncGenerator<string> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  // Sort a folder among the files as its content sorts.
  const keyed = entries.map((entry) => ({
    entry,
    key: entry.isDirectory() ? `${entry.name}/` : entry.name,
  }));
  for (const { entry, key } of keyed.toSorted((left, right) => (left.key < right.key ? -1 : 1))) {
    const path = below + key;
    if (entry.isDirectory() && depth >= DEPTH_MAX)
      throw new SourceError(
        `folders are more than ${DEPTH_MAX} below each other: ${printablePath(path)}`,
      );
    if (entry.isDirectory()) yield* archivesBelow(root, path, depth + 1);
    else if (entry.isFile() && entry.name.endsWith('.tgz')) yield path;
  }
}

async function* packagesIn(folder: string, after: string | undefined): AsyncGenerator<Part> {
  const all = (await namesIn(folder)).filter((name) => after === undefined || name > after);
  for (let at = 0; at < all.length; at += PART_PACKAGES) {
    const names = all.slice(at, at + PART_PACKAGES);
    yield {
      works: names.map((name) => ({ kind: 'package', name })),
      seq: names.at(-1)!,
    };
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const foldersIn = async (path: string): Promise<string[]> => {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  };
  const names: string[] = [];
  for (const name of await foldersIn(folder)) {
    if (!name.startsWith('@')) names.push(name);
    else for (const own of await foldersIn(join(folder, name))) names.push(`${name}/${own}`);
  }
  return names.filter(isPackageName).toSorted();
}
