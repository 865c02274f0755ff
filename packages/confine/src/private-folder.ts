import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problemOfPlace } from '@tarwarden/host/ownership';
import { confinedCommand, type Helper } from './helper.ts';
import { ConfineError } from './paths.ts';

/** A folder for one run: temporary files of confined programs, and files that they may only read. */
export interface PrivateFolder {
  readonly path: string;
  /** TMPDIR of the confined programs, which may write anything there. */
  readonly temporary: string;
  dispose(): void;
}

export function makePrivateFolder(helper: Helper): PrivateFolder {
  const problem = problemOfPlace(tmpdir());
  if (problem !== undefined)
    throw new ConfineError(`${problem}, so that others could put a link there; set TMPDIR`);
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-confine-')));
  const temporary = join(path, 'tmp');
  mkdirSync(temporary, { mode: 0o700 });
  return { path, temporary, dispose: () => remove(helper, { path, temporary }) };
}

/**
 * A process that a script left behind may still run, and put a link in place of a folder that is being removed. So the content
 * is removed behind the same walls, and tarwarden itself removes only the empty folder.
 */
function remove(
  helper: Helper,
  { path, temporary }: Pick<PrivateFolder, 'path' | 'temporary'>,
): void {
  const { file, args } = confinedCommand(
    helper,
    { file: '/bin/rm', args: ['-rf', '--', temporary] },
    {
      grants: [{ kind: 'remove', path: temporary }],
      reading: false,
      network: false,
      temporary,
    },
  );
  spawnSync(file, args, { stdio: 'ignore', env: {} });
  try {
    rmSync(join(path, 'npmrc'), { force: true });
    rmdirSync(temporary);
    rmdirSync(path);
  } catch {
    // A process still writes there. It can only fill the folder.
  }
}
