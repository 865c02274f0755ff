import { dirname, join } from 'node:path';
import { wholeFile, type FoundFile } from '../strangers.ts';
import type { ClientContext } from '../where.ts';

/** The answers of `go env` in a folder. */
export interface GoFiles {
  /** The go.mod of the main module. Empty or the null device if there is none. */
  readonly GOMOD: string;
  /** The go.work file. Empty or `off` if there is none. */
  readonly GOWORK: string;
}

/** go.mod, go.work, and a vendor folder beside them. A go.work that the variable names is the user's choice. */
export function goFoundFiles({ env }: ClientContext, { GOMOD, GOWORK }: GoFiles): FoundFile[] {
  const found = [GOMOD, env['GOWORK'] ? '' : GOWORK].filter((file) =>
    /[/\\]go\.(?:mod|work)$/.test(file),
  );
  return found.flatMap((file) => [
    wholeFile(file, 'modules and a toolchain'),
    wholeFile(join(dirname(file), 'vendor'), 'code'),
    wholeFile(join(dirname(file), 'vendor', 'modules.txt'), 'code'),
  ]);
}
