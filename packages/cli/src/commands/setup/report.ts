import { dirname } from 'node:path';
import { printablePath } from '@tarwarden/core/text';
import { PROFILE_MARK } from '../../shims/shim-files.ts';
import { changeVerb, type FileChange } from '../../edit/file-changes.ts';

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
  const find = (bytes: Buffer | undefined): string | undefined =>
    bytes
      ?.toString()
      .split('\n')
      .find((line) => line.startsWith('if ') && line.includes(PROFILE_MARK));
  const [old, next] = [find(before), find(after)];
  if (next !== undefined && next !== old) return { line: next, sign: '+' };
  return old === undefined ? undefined : { line: old, sign: '-' };
}
