import { mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { cacheDirectory, stateDirectory } from '@tarwarden/guard/cache-directory';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import { homeFolder } from '@tarwarden/guard/home-folder';
import { isWithin, realAsFar } from '@tarwarden/guard/real-path';
import { userPolicyPath } from '@tarwarden/guard/user-policy';
import { pathOfSetting as pathIn } from '@tarwarden/clients/settings';

/** The client must not be run. The message is for the user. */
export class ConfineError extends Error {
  override readonly name = 'ConfineError';
}

/** The absolute path for a path that a user typed. `~` is the home folder. */
export function pathFrom(text: string, { cwd, env }: RunContext): string {
  return pathIn(text, { folder: cwd, home: homeFolder(env) });
}

export interface RunContext {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The real paths of folders to which a program may write. Missing ones are made. A folder inside the project or inside another
 * one of these is left out: a confined program may have put a link there, which must not be followed.
 */
export function realFolders(folders: readonly string[], granted: readonly string[]): string[] {
  const realPaths: string[] = [];
  for (const folder of folders.toSorted((first, second) => first.length - second.length))
    if (!leadsThrough(folder, [...granted, ...realPaths])) realPaths.push(realFolder(folder));
  return realPaths;
}

/** Whether a path leads through one of these folders. The folders are without links, the path may have some. */
function leadsThrough(path: string, folders: readonly string[]): boolean {
  return foldersAbove(path).some((part) => {
    const realPart = join(realAsFar(dirname(part)), basename(part));
    return folders.some((folder) => isWithin(folder, realPart));
  });
}

function realFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return realpathSync(folder);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new ConfineError(`${folder}, where writing would be allowed, cannot be made (${code})`);
  }
}

/** A PATH without folders of the project, in which a repository may have put programs, and without relative folders. */
export function pathOutside(root: string, path = ''): string {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.filter((folder) => !isWithin(root, realAsFar(folder))).join(delimiter);
}

/** A folder that a project must not contain, and its name in messages. */
function keptOutside({ env }: RunContext, program: string): readonly (readonly [string, string])[] {
  return [
    ['your home folder', homeFolder(env)],
    ['the folder for temporary files', tmpdir()],
    ['the Node that runs tarwarden', process.execPath],
    ['tarwarden itself, which its scripts could change', program],
    ['what tarwarden remembers of archives', cacheDirectory(env)],
    ['the key with which tarwarden recognises what it remembers', stateDirectory(env)],
    ['your own policy file', userPolicyPath(env)],
  ];
}

/**
 * The real folder of a project. A client may write to all of it.
 * @param program The file of tarwarden that runs.
 * @throws ConfineError if a script could then write nearly everywhere.
 */
export function checkedRoot(
  root: string,
  context: RunContext,
  program: string,
  subject = 'the project',
): string {
  const real = realpathSync(root);
  for (const [heldName, path] of keptOutside(context, program)) {
    const keptPath = realAsFar(path);
    if (isWithin(real, keptPath))
      throw new ConfineError(
        `${subject} is ${real}, and holds ${heldName} (${keptPath}); all of it could be written`,
      );
  }
  return real;
}
