/* Settings that make pnpm look for the pnpmfile, or for more settings, where this check does not. */
import { resolve } from 'node:path';
import type { Add } from './problems.ts';
import { setting, type Settings } from './read-settings.ts';

export interface Looking {
  readonly directory: string;
  /** The pnpm that package.json names; undefined where it names none. */
  readonly major: string | undefined;
}

/** Looks at one file of settings, or at one variable. */
export function checkElsewhere(
  { file, settings }: { readonly file: string; readonly settings: Settings },
  { directory, major }: Looking,
  add: Add,
): void {
  for (const name of ['lockfileDir', 'lockfileDirectory']) {
    const value = setting(settings, name);
    if (typeof value === 'string' && resolve(directory, value) !== directory)
      add(
        'pnpmfile-elsewhere',
        file,
        `${name} is ${JSON.stringify(value)}: pnpm looks for the pnpmfile in that folder`,
      );
  }
  const shared = setting(settings, 'sharedWorkspaceLockfile');
  if ((shared === false || shared === 'false') && major !== '10' && major !== '12')
    add(
      'pnpmfile-elsewhere',
      file,
      'sharedWorkspaceLockfile is false: pnpm 11 then does not load the pnpmfile of the workspace (10 and 12 do: name one in packageManager)',
    );
  const include = setting(settings, 'include');
  if (include !== undefined && include !== null && major !== '10' && major !== '11')
    add(
      'settings-elsewhere',
      file,
      'include names settings in other files and packages, which this check does not read',
    );
}
