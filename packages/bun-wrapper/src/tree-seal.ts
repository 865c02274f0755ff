/*
 * A note of the files in a kept tree. node_modules shares these files by hard links, so a program can change them by mistake, and bun itself
 * changes the first line of a program. The guard must not use a changed tree again. It compares names, sizes and times, which is much faster
 * than reading the files.
 */
import { lstatSync, readdirSync, readFileSync, writeFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** Path from the tree, time of the last change, and size; of a folder, 0. */
type Line = readonly [path: string, changed: number, size: number];

/** Notes in the file `seal` what a tree looks like. */
export function sealTree(tree: string, seal: string): void {
  const lines: Line[] = [];
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    lines.push(lineOf(folder, lstatSync(join(tree, folder))));
    for (const entry of readdirSync(join(tree, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else lines.push(lineOf(path, lstatSync(join(tree, path))));
    }
  }
  writeFileSync(seal, JSON.stringify(lines), { flag: 'wx' });
}

/** Whether a tree looks as it did. A file that was added or removed shows in the time of its folder. */
export function isSealed(tree: string, seal: string): boolean {
  try {
    const lines = JSON.parse(readFileSync(seal, 'utf8')) as readonly Line[];
    return lines.every((line) => {
      const [, changed, size] = lineOf(line[0], lstatSync(join(tree, line[0])));
      return changed === line[1] && size === line[2];
    });
  } catch {
    return false;
  }
}

function lineOf(path: string, stats: Stats): Line {
  return [path, stats.mtimeMs, stats.isDirectory() ? 0 : stats.size];
}
