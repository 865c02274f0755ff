import { homedir } from 'node:os';
import type { Configuration } from '@yarnpkg/core';
import { npath, type PortablePath } from '@yarnpkg/fslib';

/** The file that a setting comes from, unless it is the user's own. Undefined also for variables, options and defaults. */
export function foreignFile(
  { sources }: Pick<Configuration, 'sources'>,
  setting: string,
): string | undefined {
  const source = sources.get(setting);
  if (source === undefined || source.startsWith('<')) return undefined;
  const file = npath.fromPortablePath(source as PortablePath);
  return npath.dirname(file) === homedir() ? undefined : file;
}
