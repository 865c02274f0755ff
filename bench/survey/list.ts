import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Listed } from '../corpus.ts';

/** An ordinary project whose packages are looked at: what its users put into their package.json. */
export interface Project {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const LIST = join(here, 'packages.txt');

export function projects(): readonly Project[] {
  return JSON.parse(readFileSync(join(here, 'projects.json'), 'utf8')) as Project[];
}

/** The tarballs to look at: a line for each, `name@version integrity`. */
export function listed(): readonly Listed[] {
  return readFileSync(LIST, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', integrity = ''] = line.split(' ');
      const at = id.lastIndexOf('@');
      return { name: id.slice(0, at), version: id.slice(at + 1), integrity };
    });
}

/** Writes the list: each version once, by the best integrity that a lockfile has for it. */
export function writeList(found: readonly Listed[]): void {
  const best = new Map<string, string>();
  for (const { name, version, integrity } of found) {
    const id = `${name}@${version}`;
    if (!best.get(id)?.startsWith('sha512-')) best.set(id, integrity);
  }
  const lines = [...best].map(([id, integrity]) => `${id} ${integrity}\n`);
  writeFileSync(LIST, lines.toSorted().join(''));
}
