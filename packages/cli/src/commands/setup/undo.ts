import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { printablePath, shellWord } from '@tarwarden/core/text';
import { write } from '@tarwarden/guard/command-line';
import { pathVariable } from '@tarwarden/guard/programs';
import { shimsIn } from '../../shims/shim-files.ts';
import {
  applyChanges,
  ownFileChange,
  realChanges,
  removeEmptiedFolders,
  type FileChange,
} from '../../edit/file-changes.ts';
import { setupFoldersIn, setupFolders, type SetupFolders } from './folders.ts';
import { profilePaths, withoutLineOf } from './profiles.ts';
import { changeLines } from './plan.ts';
import { SHELL_FILES } from './shell-files.ts';

/** `tarwarden setup --undo`: takes out what setup wrote. It needs no question, because it adds nothing. */
export async function undoSetup(
  env: NodeJS.ProcessEnv,
  { main, isDryRun }: { readonly main: string; readonly isDryRun: boolean },
): Promise<0> {
  const ownFolders = setupFolders(env);
  const profiles = profilePaths(ownFolders.home, env)
    .filter((path) => existsSync(path))
    .flatMap((path) => withoutLineOf(path) ?? []);
  // XDG_DATA_HOME may have had another value when setup wrote the line.
  const data = new Set([
    ownFolders.data,
    ...profiles.flatMap(({ loaded }) => loaded).map((file) => dirname(dirname(file))),
  ]);
  const allFolders = [...data].map((folder) => setupFoldersIn(ownFolders.home, folder));
  // Two paths may lead to the same file.
  const distinct = new Map(profiles.map(({ change }) => [change.real, change]));
  const changes = realChanges([
    ...distinct.values(),
    ...allFolders.flatMap((folders) => removals(folders)),
  ]);
  if (changes.length === 0) {
    await write('There is nothing to undo: setup has written nothing here.\n');
    return 0;
  }
  await write(`${isDryRun ? 'Would change' : 'Changes'}:\n${changeLines(changes).join('')}`);
  if (isDryRun) return 0;
  applyChanges(changes);
  removeEmptiedFolders(changes, ownFolders.home);
  const remaining = allFolders.map(({ shims }) => shims).filter((folder) => existsSync(folder));
  for (const folder of remaining)
    await write(`${printablePath(folder)} stays: it has files that setup did not write.\n`);
  await write('The guard is taken out.\n');
  const prefix = /^(.*)[\\/]lib[\\/]node_modules[\\/]tarwarden[\\/]/.exec(main)?.[1];
  if (prefix !== undefined)
    await write(
      `The command tarwarden stays. To remove it: npm uninstall --global --prefix ${shellWord(prefix || '/')} tarwarden\n`,
    );
  const onPath = pathVariable(env).split(delimiter);
  if (allFolders.some(({ shims }) => onPath.includes(shims)))
    await write('If this terminal does not find a manager now: hash -r\n');
  return 0;
}

function removals({ shims, shell }: SetupFolders): FileChange[] {
  const ownShims = shimsIn(shims).map((name) => join(shims, name));
  const loaded = SHELL_FILES.map((name) => join(shell, name));
  return [...ownShims, ...loaded].map((path) => ownFileChange(path));
}
