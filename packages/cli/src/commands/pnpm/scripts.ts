import { nearestWith } from '@tarwarden/host/folders-above';
import { asRecord, readManifest } from '@tarwarden/settings';

/** Whether the package of a folder has a script of this name. */
export function hasScript(name: string, folder: string): boolean {
  const root = nearestWith(folder, ['package.json']);
  if (root === undefined) return false;
  const scripts = asRecord(readManifest(root)['scripts']);
  return Object.hasOwn(scripts, name) && typeof scripts[name] === 'string';
}
