/* Settings that make pnpm look for the pnpmfile, or for more settings, where this check does not. */
import { resolve } from 'node:path';
import { valuesOf, withVariables } from '@tarwarden/host/settings-files';
import type { Add } from './problems.ts';
import type { Settings, Variables } from './read-settings.ts';

export interface Looking {
  readonly directory: string;
  /** The pnpm that package.json names; undefined where it names none. */
  readonly major: string | undefined;
  readonly env: Variables;
}

/** Looks at one file of settings, or at one variable. */
export function checkElsewhere(
  { file, settings }: { readonly file: string; readonly settings: Settings },
  { directory, major, env }: Looking,
  add: Add,
): void {
  const all = (name: string): readonly unknown[] => valuesOf(settings, name.toLowerCase(), env);
  for (const name of ['lockfileDir', 'lockfileDirectory'])
    for (const value of all(name).filter((one) => typeof one === 'string')) {
      if (resolve(directory, withVariables(value, env)) === directory) continue;
      add(
        'pnpmfile-elsewhere',
        file,
        `${name} is ${JSON.stringify(value)}: pnpm looks for the pnpmfile in that folder`,
      );
    }
  const shared = all('sharedWorkspaceLockfile').some((one) => String(one) === 'false');
  if (shared && major !== '10' && major !== '12')
    add(
      'pnpmfile-elsewhere',
      file,
      'sharedWorkspaceLockfile is false: pnpm 11 then does not load the pnpmfile of the workspace (10 and 12 do: name one in packageManager)',
    );
  const include = all('include').some((one) => one !== undefined && one !== null);
  if (include && major !== '10' && major !== '11')
    add(
      'settings-elsewhere',
      file,
      'include names settings in other files and packages, which this check does not read',
    );
}
