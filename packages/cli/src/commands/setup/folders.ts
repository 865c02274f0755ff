import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { printablePath, quote } from '@tarwarden/core/text';
import { isWithin, realOrSame } from '@tarwarden/guard';
import { notSetUp } from '../../edit/file-changes.ts';
import { fitsOnPath } from '../../shims/shim-files.ts';
import { SHELL_FOLDER } from './profile-line.ts';

export interface SetupFolders {
  readonly home: string;
  /** Has the other two. Other files of tarwarden may be in it. */
  readonly data: string;
  readonly shims: string;
  /** Has the files that profiles load. */
  readonly shell: string;
}

/** @throws TarwardenError if HOME is not the path of a folder, or no shell can be told of it in a line. */
export function setupFolders(env: NodeJS.ProcessEnv): SetupFolders {
  const home = env['HOME'] ?? '';
  if (home === '')
    throw notSetUp('HOME is not set, so that setup does not know where your profile is. Set HOME');
  if (!isAbsolute(home)) throw notSetUp(`HOME is ${quote(home)}, which is no absolute path`);
  if (statSync(home, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw notSetUp(`HOME is ${quote(home)}, and there is no such folder`);
  const xdg = env['XDG_DATA_HOME'] ?? '';
  const data = join(isAbsolute(xdg) ? xdg : join(home, '.local', 'share'), 'tarwarden');
  return setupFoldersIn(home, data);
}

export function setupFoldersIn(home: string, data: string): SetupFolders {
  // A profile can neither have control characters in a line, nor a colon in a folder of the PATH.
  if (!fitsOnPath(data) || printablePath(data) !== data)
    throw notSetUp(`no PATH can hold ${quote(data)}: set XDG_DATA_HOME to another folder`);
  return { home, data, shims: join(data, 'shims'), shell: join(data, SHELL_FOLDER) };
}

/**
 * Checks the command that the shims will start.
 * @throws TarwardenError if it is a dependency of the project around `cwd`: a change of the project would change what guards all others.
 */
export function refuseProjectsCommand(main: string, cwd: string): void {
  const [project, insideProject] = main.split(/[\\/]node_modules[\\/]/, 2);
  if (insideProject === undefined || !isWithin(realOrSame(project ?? ''), realOrSame(cwd))) return;
  throw notSetUp(
    `this tarwarden is a dependency of the project in ${quote(project ?? '')}. Each change of that project would change what guards all your projects. Install the command for yourself, as docs/install.md shows, and run that one`,
  );
}
