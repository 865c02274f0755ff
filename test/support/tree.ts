/** What lies in a folder, for comparing before and after. Links are listed and never followed. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

export interface TreeOptions {
  /** Paths (relative, with `/`) to leave out, with all below them. */
  ignore?: (path: string) => boolean;
}

/** One line for each thing below `dir`, sorted: `dir lib`, `file lib/a.js <sha256> 644`, `link x -> target`. */
export function tree(dir: string, options: TreeOptions = {}): string[] {
  const lines: string[] = [];
  const walk = (below: string): void => {
    for (const name of readdirSync(join(dir, below)).toSorted()) {
      const path = below === '' ? name : `${below}/${name}`;
      if (options.ignore?.(path) === true) continue;
      lines.push(describe(join(dir, path), path));
      if (lstatSync(join(dir, path)).isDirectory()) walk(path);
    }
  };
  if (lstatSync(dir, { throwIfNoEntry: false })?.isDirectory() === true) walk('');
  return lines;
}

function describe(file: string, path: string): string {
  const stat = lstatSync(file);
  if (stat.isDirectory()) return `dir ${path}`;
  if (stat.isSymbolicLink()) return `link ${path} -> ${readlinkSync(file)}`;
  if (!stat.isFile()) return `other ${path}`;
  const sha = createHash('sha256').update(readFileSync(file)).digest('hex');
  return `file ${path} ${sha} ${(stat.mode & 0o7777).toString(8)}`;
}
