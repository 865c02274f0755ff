/* The texts about packages in pnpm's store that are not what their archives have. */
import { join } from 'node:path';
import { printable, quote, shellWord } from '@tarwarden/core/text';
import type { UnpackedFiles } from '@tarwarden/core/trees';
import type { StoreMismatch } from '@tarwarden/host/pnpm-store';

/** Names a file that the index and the archive have in different ways. */
export function differenceOf(
  stored: UnpackedFiles,
  own: UnpackedFiles | undefined,
): string | undefined {
  if (own === undefined) return undefined;
  for (const [path, { sha512, executable }] of stored) {
    const file = own.get(path);
    if (file === undefined) return `${quote(path)} was added`;
    if (file.sha512 !== sha512) return `${quote(path)} has another content`;
    if (file.executable !== executable) return `${quote(path)} has other rights to execute`;
  }
  const missing = [...own.keys()].find((path) => !stored.has(path));
  return missing === undefined ? undefined : `${quote(missing)} is missing`;
}

/** One line with the most important facts. */
export function mismatchHeadline({ id, mismatch }: StoreMismatch, more: number): string {
  const others = more > 0 ? ` (and ${more} more)` : '';
  return `${printable(id)} in pnpm's store is not what its archive has: ${reasonOf(mismatch)}${others}`;
}

/** The full text for people. */
export function mismatchText(folder: string, { id, entry, mismatch }: StoreMismatch): string {
  const place = 'file' in mismatch ? mismatch.file : placeOf(folder, entry.name, entry.format);
  return [
    `tarwarden: refused ${printable(id)}: pnpm's store has something else than its archive`,
    `  This package is in your store, and its files there are not those of the archive that the lockfile names. Somebody may have`,
    `  changed the store, or a cache from which it was restored. Nothing of it was installed.`,
    `  reason:  ${reasonOf(mismatch)}`,
    `  store:   ${printable(place)}`,
    '',
    'What to do',
    ...('file' in mismatch
      ? [
          '  If you changed this file yourself, remove it. pnpm fetches the package again:',
          `    rm ${shellWord(mismatch.file)}`,
        ]
      : []),
    '  Remove the store. pnpm fetches all packages again:',
    `    rm -r ${shellWord(folder)}`,
  ].join('\n');
}

function reasonOf(mismatch: StoreMismatch['mismatch']): string {
  switch (mismatch.kind) {
    case 'files':
      return mismatch.difference === undefined
        ? 'its list of files is another one'
        : `its list of files is another one: ${mismatch.difference}`;
    case 'content':
      return `the file ${quote(mismatch.path)} has another content`;
    case 'mode':
      return `the file ${quote(mismatch.path)} has other rights to execute`;
    case 'type':
      return `the file ${quote(mismatch.path)} is no ordinary file`;
    case 'manifest':
      return `the index has another ${quote(mismatch.field)} than its package.json`;
    case 'build':
      return 'it has files that a build script made, but no build script';
    case 'unreadable':
      return `its entry in the index cannot be read (${printable(mismatch.why)})`;
  }
}

function placeOf(folder: string, name: string, format: StoreMismatch['entry']['format']): string {
  return format === 'json' ? join(folder, name) : `${join(folder, 'index.db')}, ${quote(name)}`;
}
