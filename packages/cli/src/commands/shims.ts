import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TarwardenError } from '@tarwarden/core';
import { quote } from '@tarwarden/core/text';
import { isPrivateDirectory } from '@tarwarden/host';
import { isShim } from '@tarwarden/guarded-run';
import { listOf, parseOptions } from '../options.ts';
import { write } from '../output.ts';
import { posixShim, SHIMS, windowsShim, type ShimName } from '../shims/script.ts';
import { UsageError } from '../usage-error.ts';
import { printHelp } from './help.ts';

const NAMES = Object.keys(SHIMS) as ShimName[];

/** `tarwarden shims DIR`: commands for the front of the PATH that run the real managers behind them, guarded or not at all. */
export async function shims(args: readonly string[], mainUrl: string): Promise<number> {
  const { values, lists, positionals } = parseOptions('shims', args, {
    manager: { type: 'string', multiple: true },
    help: { type: 'boolean', short: 'h' },
  });
  if (values['help'] === true) return printHelp('shims');
  const [given, ...more] = positionals;
  if (given === undefined || given === '' || more.length > 0)
    throw new UsageError('name one folder', 'shims');
  const names = listOf({ command: 'shims', name: 'manager' }, lists['manager'], NAMES) ?? NAMES;
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
  for (const [name, text] of files) replace(join(folder, name), text);
  // The folder and nothing else, so that the output can be added to $GITHUB_PATH.
  await write(`${folder}\n`);
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

/** In one step: a shim that is being read is either the old one or the new one. */
function replace(file: string, text: string): void {
  const written = `${file}.${process.pid}`;
  writeFileSync(written, text, { mode: 0o755 });
  renameSync(written, file);
}
