import { existsSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { isMember, isUnderstood } from '@tarwarden/host';
import { foldersAbove, nearestWith } from '@tarwarden/host/folders-above';
import { asRecord, readNpmrc } from '@tarwarden/host/settings-files';
import { readManifest, type Settings } from './settings-files.ts';
import { projectManifest, type Taken, type Where } from './taken.ts';

/** Names that npm 12 looks for. Of both it loads none, and stops. */
const EXTENSIONS = ['.npm-extension.mjs', '.npm-extension.cjs'];

const UNKNOWN =
  '`workspaces` in package.json is not known to name this folder, and npm 12 loads the .npm-extension beside it where it does';

/** What npm reads of a project: code that npm 12 loads into itself, in a workspace from its root alone. */
export function npmSettings({ cwd, env }: Where, wanted: object): Taken {
  const files = { 'package.json': projectManifest(wanted) };
  const own = nearestWith(cwd, ['package.json', 'node_modules']);
  if (own === undefined) return { files, links: {} };
  for (const folder of foldersAbove(dirname(own))) {
    const patterns = workspacesOf(readManifest(folder));
    if (patterns.length === 0) continue;
    const links = extensions(folder, env);
    if (isMember(folder, own, patterns)) return { files, links };
    if (!patterns.every(isUnderstood) && Object.keys(links).length > 0)
      return { files, links, elsewhere: UNKNOWN };
  }
  return { files, links: extensions(own, env) };
}

/** npm takes a list, and an object with a list in it. */
function workspacesOf({ workspaces }: Settings): readonly unknown[] {
  const list = Array.isArray(workspaces) ? workspaces : asRecord(workspaces)['packages'];
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

/** The extension that npm loads in a folder, as the name that it looks for unless told otherwise. */
function extensions(root: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const settings = readNpmrc(join(root, '.npmrc'), env);
  if (isOn(settings['ignore-extension']) || isOn(settings['ignore-scripts'])) return {};
  const named = settings['extension-file'];
  if (typeof named === 'string' && named !== '')
    return { [`.npm-extension${extname(named)}`]: resolve(root, named) };
  return Object.fromEntries(
    EXTENSIONS.map((name) => [name, join(root, name)]).filter(([, file = '']) => existsSync(file)),
  );
}

const isOn = (value: unknown): boolean => String(value) === 'true';
