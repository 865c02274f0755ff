import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TarwardenError } from '@tarwarden/core';
import { printable, quote } from '@tarwarden/core/text';
import { isPrivateDirectory, replaceFile } from '@tarwarden/host';
import { type Call, tell, write, UsageError } from '@tarwarden/host/command-line';
import { SHIMS_OPTIONS } from './definition.ts';
import { nextStep } from '../../shims/script.ts';
import { fitsOnPath, shimFiles } from '../../shims/shim-files.ts';

/** The shims that are written if none are named. A user who guards npm did not ask for guards of other ecosystems. */
const BY_DEFAULT: ReadonlySet<string> = new Set(['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg']);

/** `tarwarden shims DIR`: writes commands for the front of the PATH, which run the managers behind them guarded. */
export async function writeShims({
  values,
  operands,
  mainUrl,
}: Call<typeof SHIMS_OPTIONS>): Promise<number> {
  const [given = ''] = operands;
  if (given === '') throw new UsageError('name one folder', 'shims');
  const names = SHIMS_OPTIONS.manager.choices.filter(
    (name) => values.manager?.includes(name) ?? BY_DEFAULT.has(name),
  );
  const folder = resolve(given);
  if (!fitsOnPath(folder)) throw new UsageError(`no PATH can hold ${quote(folder)}`, 'shims');
  if (!makePrivateFolder(folder)) {
    throw new TarwardenError(
      'NOT_INSPECTED',
      `${quote(folder)} is a link, or others can write to it, and with it to what is run from there; nothing was written: name a folder of your own`,
    );
  }
  const target = { node: process.execPath, main: fileURLToPath(mainUrl), folder };
  const files = shimFiles(names, target);
  for (const [name, text] of files) replaceFile(join(folder, name), text, { permissions: 0o755 });
  // Only the folder is printed, so that the output can be added to $GITHUB_PATH.
  await write(`${folder}\n`);
  const isShowable = printable(folder, folder.length) === folder && process.platform !== 'win32';
  if (process.stdout.isTTY && isShowable) tell(nextStep(folder));
  return 0;
}

/** Other users may read and run the shims, as in an image, but must not write to the folder. */
function makePrivateFolder(folder: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return isPrivateDirectory(folder);
}
