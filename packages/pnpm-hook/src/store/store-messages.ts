/* The texts about packages whose copies in pnpm's store differ from their archives. */
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
    if (file.executable !== executable) return `${quote(path)} has another executable bit`;
  }
  const missing = [...own.keys()].find((path) => !stored.has(path));
  return missing === undefined ? undefined : `${quote(missing)} is missing`;
}

/** One line with the most important facts. */
export function mismatchHeadline({ id, mismatch }: StoreMismatch, more: number): string {
  const others = more > 0 ? ` (and ${more} more)` : '';
  return `the copy of ${printable(id)} in pnpm's store differs from its archive: ${reasonOf(mismatch)}${others}`;
}

/** The full text for people. */
export function mismatchText(folder: string, { id, entry, mismatch }: StoreMismatch): string {
  const place = 'file' in mismatch ? mismatch.file : placeOf(folder, entry.name, entry.format);
  return [
    `tarwarden: refused ${printable(id)}: its copy in pnpm's store differs from its archive`,
    '  pnpm would link this copy and not read the archive that the lockfile names. Somebody may have changed the store, or a cache',
    '  from which the store was restored. Nothing of this copy was installed.',
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
        ? 'its list of files differs'
        : `its list of files differs: ${mismatch.difference}`;
    case 'content':
      return `the file ${quote(mismatch.path)} has another content`;
    case 'mode':
      return `the file ${quote(mismatch.path)} has another executable bit`;
    case 'type':
      return `${quote(mismatch.path)} is not an ordinary file`;
    case 'manifest':
      return `the index has another ${quote(mismatch.field)} than the package.json of the archive`;
    case 'build':
      return 'it has files that a build script made, and the package has no build script';
    case 'unreadable':
      return `its entry in the index cannot be read (${printable(mismatch.why)})`;
  }
}

function placeOf(folder: string, name: string, format: StoreMismatch['entry']['format']): string {
  return format === 'json' ? join(folder, name) : `${join(folder, 'index.db')}, ${quote(name)}`;
}
