/*
 * An empty package that bun finds in its cache instead of a package for another platform. If bun chooses its platform in another way than
 * the guard, it installs this one and not a package that was never inspected.
 */
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'package.json';

/** bun takes a folder with any package.json for the package. Of a version that no range asks for, so that it is replaced later. */
const MANIFEST = `${JSON.stringify({
  version: '0.0.0-not-inspected',
  description: 'tarwarden has not inspected this package, since it is for another platform',
})}\n`;

export function makeStandIn(path: string): void {
  mkdirSync(path);
  writeFileSync(join(path, FILE), MANIFEST, { flag: 'wx' });
}

/** Whether bun has linked it into a project, or copied it to where it would lie there. */
export function isUsed(path: string, places: readonly string[]): boolean {
  const stat = lstatSync(join(path, FILE), { throwIfNoEntry: false });
  return stat === undefined || stat.nlink > 1 || places.some(isStandIn);
}

function isStandIn(place: string): boolean {
  try {
    const file = join(place, FILE);
    return lstatSync(file).size === MANIFEST.length && readFileSync(file, 'utf8') === MANIFEST;
  } catch {
    return false;
  }
}
