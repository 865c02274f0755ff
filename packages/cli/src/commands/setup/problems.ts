import { delimiter } from 'node:path';
import { isShim, programsOnPath } from '@tarwarden/guarded-run';
import { pathVariable } from '@tarwarden/host/programs';
import { PROFILE_MARK, type ShimName } from '../../shims/script.ts';
import type { SetupFolders } from './folders.ts';
import type { NewShell } from './new-shell.ts';
import { isInstalled } from './plan.ts';
import type { ChosenShell } from './profiles.ts';

/** The managers of which another program comes before the shim. */
export function behindOthers(names: readonly ShimName[], env: NodeJS.ProcessEnv): ShimName[] {
  return names.filter((name) => {
    const [first] = programsOnPath(name, env);
    return first !== undefined && !isShim(first);
  });
}

/** The things that a user has to know of a new shell, beside the result of each manager. */
export function shellProblems(
  { env, replaced }: NewShell,
  {
    folders,
    names,
    shell,
  }: { folders: SetupFolders; names: readonly ShimName[]; shell: ChosenShell },
): string[] {
  const missing = names.filter((name) => !isInstalled(name, env));
  return [
    ...(behindOthers(names, env).length === 0
      ? []
      : [
          pathVariable(env).split(delimiter).includes(folders.shims)
            ? 'A line below that of setup, or a hook that runs before each prompt (PROMPT_COMMAND, precmd), puts another folder before the shims. Let setup write its line again, at the end of the file: tarwarden setup --undo && tarwarden setup. If that does not help, look for the hook.'
            : `${shell.name} does not run the line of setup at the end of its file: a line above it leaves the file early, as "return" does, or has a quote or a here-document without an end. Correct that line, or move the line with "${PROFILE_MARK}" above it.`,
        ]),
    ...missing.map(
      (name) => `${name} is not on the PATH of a new ${shell.name}, and was not tried there.`,
    ),
    ...replaced.map(
      (name) =>
        `${name} is an alias or a function in ${shell.name}. The guard is in it only if it starts ${name} by its name, without a path.`,
    ),
  ];
}
