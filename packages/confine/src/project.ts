import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { cacheDirectory } from '@tarwarden/host/cache-directory';
import { isWithin, realAsFar } from '@tarwarden/host/real-path';
import { homeFolder } from '@tarwarden/host/home-folder';
import { userPolicyPath } from '@tarwarden/host/user-policy';
import { type Where } from './paths.ts';
import { ConfineError } from './refusal.ts';

/** What a project must not hold, and how to say so. */
function keptOutside({ env }: Where, program: string): readonly (readonly [string, string])[] {
  return [
    ['your home folder', homeFolder(env)],
    ['the folder for temporary files', tmpdir()],
    ['the Node that runs tarwarden', process.execPath],
    ['tarwarden itself, which its scripts could change', program],
    ['what tarwarden remembers of archives', cacheDirectory(env)],
    ['your own policy file', userPolicyPath(env)],
  ];
}

/**
 * The real folder of a project, all of which may be written.
 * @param program The file of tarwarden that runs.
 * @throws ConfineError where that would let a script write nearly everywhere.
 */
export function checkedRoot(
  root: string,
  where: Where,
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
