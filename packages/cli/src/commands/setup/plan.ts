import { dirname, isAbsolute, join } from 'node:path';
import { printablePath } from '@tarwarden/core/text';
import { isShim, programsOnPath } from '@tarwarden/guard/run';
import { MANAGERS, type Manager } from '../../guard-trials/managers.ts';
import { MANAGER_OPTION } from '../common-options.ts';
import { PROFILE_MARK, shimFiles, shimsIn, type ShimName } from '../../shims/shim-files.ts';
import { ownFileChange, changeVerb, notSetUp, type FileChange } from '../../edit/file-changes.ts';

/** Every start of Python would go through the guard, so that these are guarded only if they are named. */
const ONLY_IF_NAMED: ReadonlySet<ShimName> = new Set(['python', 'python3']);

/** Names of one program, or of two that install in the same way. If a user names one, setup guards the other too. */
const TOGETHER: readonly (readonly ShimName[])[] = [
  ['npm', 'npx'],
  ['pnpm', 'pnpx'],
  ['yarn', 'yarnpkg'],
  ['bun', 'bunx'],
  ['pip', 'pip3'],
  ['python', 'python3'],
  ['bundle', 'bundler'],
];

/** Permissions of the shims, and of what profiles load. */
const SHIM_MODE = 0o755;
const FILE_MODE = 0o644;

/**
 * The managers to guard: those that are named, and those that belong to them; or those on the PATH.
 * @throws TarwardenError if one that is named is not on the PATH, or there is none.
 */
export function managersToGuard(
  namedManagers: readonly ShimName[] | undefined,
  env: NodeJS.ProcessEnv,
): ShimName[] {
  const chosen = namedManagers?.flatMap(
    (name) => TOGETHER.find((names) => names.includes(name)) ?? [name],
  );
  const candidates = MANAGER_OPTION.choices.filter(
    (name) => chosen?.includes(name) ?? !ONLY_IF_NAMED.has(name),
  );
  const installed = candidates.filter((name) => isInstalled(name, env));
  const missing = namedManagers?.find((name) => !installed.includes(name));
  if (missing !== undefined)
    throw notSetUp(`there is no ${missing} on the PATH: install it, or leave it out of --manager`);
  if (installed.length === 0)
    throw notSetUp(`there is none of ${candidates.join(', ')} on the PATH`);
  return installed;
}

/** Whether a manager is on the PATH, beside our shims. A relative folder of the PATH depends on the current folder, and does not count. */
export function isInstalled(name: ShimName, env: NodeJS.ProcessEnv): boolean {
  return programsOnPath(name, env).some((file) => isAbsolute(file) && !isShim(file));
}

/** Those of the managers that `verify` can try. The others, such as pnpx, have the shim of one that it tries. */
export function verifiedManagers(names: readonly ShimName[]): Manager[] {
  return MANAGERS.filter((manager) => names.includes(manager));
}

/** The shims of a folder: those of the managers, and those that are there already, which an upgrade has made old. */
export function shimChanges(
  managers: readonly ShimName[],
  target: { readonly main: string; readonly folder: string },
): FileChange[] {
  const { folder } = target;
  const names = [...new Set([...managers, ...shimsIn(folder)])];
  const files = shimFiles(names, { ...target, node: process.execPath });
  return fileChanges(folder, files, SHIM_MODE);
}

export function fileChanges(
  folder: string,
  files: ReadonlyMap<string, string>,
  mode: number = FILE_MODE,
): FileChange[] {
  return [...files].map(([name, content]) => ownFileChange(join(folder, name), content, mode));
}

/** Lines about changes, for a person. Files of the same folder of ours are one line. */
export function changeLines(changes: readonly FileChange[]): string[] {
  const profiles = changes.filter((change) => markedLine(change) !== undefined);
  const folders = new Map<string, FileChange[]>();
  for (const change of changes) {
    if (profiles.includes(change)) continue;
    const folder = dirname(change.path);
    folders.set(folder, [...(folders.get(folder) ?? []), change]);
  }
  return [
    ...[...folders].map(([folder, inside]) => folderLine(folder, inside)),
    ...profiles.flatMap(profileLines),
  ];
}

function folderLine(folder: string, changes: readonly FileChange[]): string {
  const names = changes.map(({ path }) => path.slice(folder.length + 1)).join(', ');
  return `  ${changeVerb(changes)} ${printablePath(folder)}: ${names}\n`;
}

function profileLines(change: FileChange): string[] {
  const { path, real, after } = change;
  const target = real === path ? '' : ` (a link to ${printablePath(real)})`;
  const { line = '', sign = '' } = markedLine(change) ?? {};
  const head = `  ${changeVerb([change])} ${printablePath(path)}${target}\n`;
  return after === undefined ? [head] : [head, `          ${sign} ${line}\n`];
}

/** The line of setup that a change adds or takes out. */
function markedLine({
  before,
  after,
}: FileChange): { readonly line: string; readonly sign: '+' | '-' } | undefined {
  const setupLine = (bytes: Buffer | undefined): string | undefined =>
    bytes
      ?.toString()
      .split('\n')
      .find((line) => line.startsWith('if ') && line.includes(PROFILE_MARK));
  const [old, next] = [setupLine(before), setupLine(after)];
  if (next !== undefined && next !== old) return { line: next, sign: '+' };
  return old === undefined ? undefined : { line: old, sign: '-' };
}
