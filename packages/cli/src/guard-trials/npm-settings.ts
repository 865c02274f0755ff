import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import {
  lookUp,
  npmLayers,
  npmRoots,
  textOfSetting,
  clientContext,
  type SettingsLayer,
} from '@tarwarden/settings';
import { projectManifest, type Taken, type ProjectContext } from './taken.ts';

/** npm 12 looks for these names. If both are there, it loads none and stops. */
const EXTENSIONS = ['.npm-extension.mjs', '.npm-extension.cjs'];

const UNKNOWN =
  '`workspaces` in package.json is not known to name this folder, and npm 12 loads the .npm-extension beside it where it does';

/** Takes over the code of the project that npm 12 loads into itself. In a workspace, it loads only the code of the root. */
export function npmSettings({ cwd, env }: ProjectContext, wanted: object): Taken {
  const files = { 'package.json': projectManifest(wanted) };
  const where = clientContext({ folder: cwd, env });
  const possible = npmRoots(cwd).map((root) => extensions(root, npmLayers(where, root)));
  const isThere = (links: object): boolean => Object.keys(links).length > 0;
  const links = possible.find(isThere) ?? {};
  return { files, links, ...(possible.slice(1).some(isThere) && { elsewhere: UNKNOWN }) };
}

/** The extension that npm loads in a folder, by the name that npm looks for by default. */
function extensions(root: string, layers: readonly SettingsLayer[]): Record<string, string> {
  if (isOn(layers, 'ignore-extension') || isOn(layers, 'ignore-scripts')) return {};
  const named = textOfSetting(layers, 'extension-file');
  if (named !== undefined) return { [`.npm-extension${extname(named)}`]: named };
  return Object.fromEntries(
    EXTENSIONS.map((name) => [name, join(root, name)]).filter(([, file = '']) => existsSync(file)),
  );
}

function isOn(layers: readonly SettingsLayer[], setting: string): boolean {
  return lookUp(layers, setting)?.value === true;
}
