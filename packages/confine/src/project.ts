import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { cacheDirectory } from '@tarwarden/host/cache-directory';
import { stateDirectory } from '@tarwarden/host/machine-key';
import { isWithin, realAsFar } from '@tarwarden/host/real-path';
import { homeFolder } from '@tarwarden/host/home-folder';
import { userPolicyPath } from '@tarwarden/host/user-policy';
import { type RunContext } from './paths.ts';
import { ConfineError } from './refusal.ts';

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
  where: RunContext,
  program: string,
  what = 'the project',
): string {
  const real = realpathSync(root);
  for (const [held, path] of keptOutside(where, program)) {
    const kept = realAsFar(path);
    if (isWithin(real, kept))
      throw new ConfineError(
        `${what} is ${real}, and holds ${held} (${kept}); all of it could be written`,
      );
  }
  return real;
}
