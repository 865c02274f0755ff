import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findGuard } from '../../pass-through/guard-files.ts';
import type { HookFiles } from './pnpm.ts';

/** Files of the pnpm hook in the `dist` of its package. */
const NAMES = [
  'THIRD-PARTY-LICENSES.txt',
  'check.cjs',
  'fetch.cjs',
  'forced.cjs',
  'index.cjs',
  'inspect.cjs',
  'policy.cjs',
  'yaml.cjs',
] as const;

export async function hookFiles(mainUrl: string): Promise<HookFiles> {
  const folder = dirname(await findGuard('pnpm', mainUrl));
  return new Map(NAMES.map((name) => [name, readFileSync(join(folder, name))]));
}

export async function pluginFile(mainUrl: string): Promise<Buffer> {
  return readFileSync(await findGuard('yarn', mainUrl));
}
