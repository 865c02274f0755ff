/**
 * What managers are known to do to a package beside unpacking it, or to refuse. Each is as narrow as it was seen: whatever
 * else differs from what was promised is a disagreement.
 */
import { posix } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { binTargets } from '../../../packages/core/src/metadata/npm-package.ts';
import type { ManagerName } from '../../support/managers.ts';
import type { Accepted, Promised } from './archives.ts';

const BLOCK = 512;

const isNpm = (manager: ManagerName): boolean => manager.startsWith('npm-');
const isOlderPnpm = (manager: ManagerName): boolean =>
  manager === 'pnpm-10' || manager === 'pnpm-11';
const isModernYarn = (manager: ManagerName): boolean =>
  manager === 'yarn-3' || manager === 'yarn-4';

/** Why a manager installs nothing of an archive that was accepted, where that is known. */
export function refusalOf(manager: ManagerName, archive: Accepted): string | undefined {
  // Its tar-stream wants whole blocks to the very end (docs/design/0001-accepted-grammar.md).
  if (manager === 'yarn-1' && gunzipSync(archive.tgz).length % BLOCK !== 0)
    return 'the zeros at the end are no whole blocks';
  if (isModernYarn(manager) && archive.warnings.includes('repeated-directory'))
    return 'a folder is made twice';
  if (manager === 'pnpm-12' && archive.warnings.includes('long-zero-tail'))
    return 'more zeros than it takes follow the end';
  return undefined;
}

/** What a manager is to leave in the package's folder; `either`: that a file can be run hangs on the other packages. */
export type Expected = Promised | (Promised & { readonly kind: 'file'; readonly either: true });

/**
 * What a manager is to leave in the package's folder. `contested`: names of commands that several packages of the project
 * bring, of which one is linked.
 */
export function expectedOf(
  manager: ManagerName,
  archive: Accepted,
  contested: ReadonlySet<string> = new Set(),
): Map<string, Expected> {
  const expected = new Map<string, Expected>(archive.promised);
  if (isNpm(manager)) renameIgnoreFiles(expected);
  // These make a file executable that anybody may run.
  if (manager.startsWith('pnpm-') || isModernYarn(manager))
    for (const path of archive.oddlyExecutable) {
      const file = expected.get(path);
      if (file?.kind === 'file') expected.set(path, { ...file, executable: true });
    }
  // Yarn's linker owns node_modules: dependencies that a package bundles are not installed, but for an empty folder.
  if (isModernYarn(manager))
    for (const path of expected.keys()) if (path.startsWith('node_modules/')) expected.delete(path);
  for (const [name, target] of binsOf(manager, archive)) {
    const file = expected.get(target);
    if (file?.kind !== 'file') continue;
    // Yarn's linker makes the file executable when it links the command, so only that of the package that wins.
    if (isModernYarn(manager) && contested.has(name)) {
      if (!file.executable) expected.set(target, { ...file, either: true });
      continue;
    }
    const content = isOlderPnpm(manager) ? withUnixShebang(file.content) : file.content;
    expected.set(target, { kind: 'file', content, executable: true });
  }
  return expected;
}

/** Paths in the package's folder that are the manager's own. */
export function ownPathsOf(manager: ManagerName, archive: Accepted): ReadonlySet<string> {
  // pnpm puts a package's own commands where its scripts find them.
  const bins = isOlderPnpm(manager) ? binsOf(manager, archive) : [];
  if (bins.length === 0) return new Set();
  const folder = 'node_modules/.bin';
  return new Set(['node_modules', folder, ...bins.map(([name]) => `${folder}/${name}`)]);
}

/** Names of commands that more than one of the packages brings to a manager. */
export function contestedOf(
  manager: ManagerName,
  archives: readonly Accepted[],
): ReadonlySet<string> {
  const met = new Set<string>();
  const contested = new Set<string>();
  for (const archive of archives) {
    for (const name of new Set(binsOf(manager, archive).map(([one]) => one))) {
      if (met.has(name)) contested.add(name);
      met.add(name);
    }
  }
  return contested;
}

/** npm takes .gitignore for .npmignore, unless there is one beside it. */
function renameIgnoreFiles(expected: Map<string, Expected>): void {
  for (const [path, file] of expected) {
    if (posix.basename(path) !== '.gitignore' || file.kind !== 'file') continue;
    const renamed = path.replace(/\.gitignore$/, '.npmignore');
    expected.delete(path);
    if (!expected.has(renamed)) expected.set(renamed, file);
  }
}

/**
 * Commands by name and file that the manager makes of the package.json in the archive, which makes the files executable.
 * npm, pnpm 12 and bun go by what the registry says, which says nothing here.
 */
function binsOf(
  manager: ManagerName,
  { manifest, promised }: Accepted,
): readonly (readonly [name: string, path: string])[] {
  if (!isOlderPnpm(manager) && !isModernYarn(manager) && manager !== 'yarn-1') return [];
  const bins = binTargets(manifest).map(
    ([name, target]) => [name, posix.normalize(target)] as const,
  );
  const folders = manifest.ok ? manifest.json['directories'] : undefined;
  const folder = (folders as { bin?: unknown } | undefined)?.bin;
  if (bins.length > 0 || typeof folder !== 'string' || isModernYarn(manager)) return bins;
  const below = `${posix.normalize(folder)}/`;
  return [...promised.keys()]
    .filter((path) => path.startsWith(below))
    .map((path) => [posix.basename(path), path]);
}

/** pnpm mends the line end of a command's first line. */
function withUnixShebang(content: Buffer): Buffer {
  const text = content.toString('latin1');
  return Buffer.from(text.replace(/^(#![^\n]*)\r\n/, '$1\n'), 'latin1');
}
