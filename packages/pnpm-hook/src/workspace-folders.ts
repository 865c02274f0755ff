/*
 * Folders that may be projects of a workspace. pnpm 12 shows a hook none but those that its lockfile names already.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders looked at. Whoever has more keeps a lockfile, which names them. */
const FOLDERS_MAX = 20_000;
const MANIFESTS = ['package.json', 'package.json5', 'package.yaml'];

/**
 * Projects that patterns of pnpm-workspace.yaml may name: any wildcard stands for all names, and exclusions for nothing, so
 * that there are too many rather than too few.
 */
export function workspaceFolders(root: string, patterns: readonly string[]): readonly string[] {
  const found = new Set<string>();
  let left = FOLDERS_MAX;
  const visit = (folder: string, [part, ...rest]: readonly string[]): void => {
    if (left-- <= 0) return;
    if (part === undefined) {
      if (MANIFESTS.some((name) => existsSync(join(folder, name)))) found.add(folder);
    } else if (part === '**') {
      visit(folder, rest);
      for (const { path, link } of below(folder)) visit(path, link ? rest : [part, ...rest]);
    } else if (/[*?[\]{}()!+@]/.test(part)) for (const { path } of below(folder)) visit(path, rest);
    else visit(join(folder, part), rest);
  };
  for (const pattern of patterns) if (!pattern.startsWith('!')) visit(root, partsOf(pattern));
  return [...found];
}

/** What is in braces may be of several parts. */
function partsOf(pattern: string): readonly string[] {
  const [plain = ''] = pattern.split(/[^/]*\{/, 1);
  const parts = plain.split('/').filter((part) => part !== '' && part !== '.');
  return plain === pattern ? parts : [...parts, '**'];
}

function below(folder: string): readonly { path: string; link: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((one) => (one.isDirectory() || one.isSymbolicLink()) && one.name !== 'node_modules')
      .map((one) => ({ path: join(folder, one.name), link: one.isSymbolicLink() }));
  } catch {
    return [];
  }
}
