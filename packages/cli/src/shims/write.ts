import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TarwardenError } from '@tarwarden/core';
import { printable, quote } from '@tarwarden/core/text';
import { isPrivateDirectory, replaceFile } from '@tarwarden/host';
import { isShim } from '@tarwarden/guarded-run';
import { type Call, tell, UsageError, write } from '@tarwarden/host/command-line';
import { SHIMS_OPTIONS } from '../commands/shims.ts';
import { nextStep, posixShim, windowsShim } from './script.ts';

/** Whoever guards npm by shims did not ask for guards of other ecosystems: their shims are written where they are named. */
const BY_DEFAULT: ReadonlySet<string> = new Set(['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg']);

/** `tarwarden shims DIR`: commands for the front of the PATH that run the real managers behind them, guarded or not at all. */
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
  if (/[\r\n]/.test(folder) || folder.includes(delimiter))
    throw new UsageError(`no PATH can hold ${quote(folder)}`, 'shims');
  const started = { node: process.execPath, main: fileURLToPath(mainUrl) };
  const files = new Map(names.map((name) => [name as string, posixShim(name, started)]));
  if (process.platform === 'win32')
    for (const name of names) files.set(`${name}.cmd`, windowsShim(name, started));
  if (!makePrivateFolder(folder)) {
    throw new TarwardenError(
      'NOT_INSPECTED',
      `${quote(folder)} is a link, or others can write to it, and with it to what is run from there; nothing was written: name a folder of your own`,
    );
  }
  const foreign = [...files.keys()].map((name) => join(folder, name)).find(isForeign);
  if (foreign !== undefined) {
    throw new TarwardenError(
      'NOT_INSPECTED',
      `${quote(foreign)} is there and was not made by tarwarden; nothing was written: name a folder of its own`,
    );
  }
  for (const [name, text] of files) replaceFile(join(folder, name), text, { permissions: 0o755 });
  // The folder and nothing else, so that the output can be added to $GITHUB_PATH.
  await write(`${folder}\n`);
  const isShowable = printable(folder, folder.length) === folder && process.platform !== 'win32';
  if (process.stdout.isTTY && isShowable) tell(nextStep(folder));
  return 0;
}

/** Others may look and run, as in an image, and not write. */
function makePrivateFolder(folder: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return isPrivateDirectory(folder);
}

function isForeign(file: string): boolean {
  return existsSync(file) && !isShim(file);
}
