import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printable, quote } from '@tarwarden/core/text';
import { replaceFile } from '@tarwarden/guard';
import { type Call, remark, write, UsageError } from '@tarwarden/guard/command-line';
import { definition } from './definition.ts';
import { fitsOnPath, nextStep, refuseOtherFiles, shimFiles } from '../../shims/shim-files.ts';

/** The shims that are written if none are named. A user who guards npm did not ask for guards of other ecosystems. */
const BY_DEFAULT: ReadonlySet<string> = new Set(['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg']);

/** `tarwarden shims DIR`: writes commands for the front of the PATH, which run the managers behind them guarded. */
export async function writeShims({
  values,
  operands,
  mainUrl,
}: Call<typeof definition.options>): Promise<number> {
  const [directory = ''] = operands;
  if (directory === '') throw new UsageError('name one folder', 'shims');
  const names = definition.options.manager.choices.filter(
    (name) => values.manager?.includes(name) ?? BY_DEFAULT.has(name),
  );
  const folder = resolve(directory);
  if (!fitsOnPath(folder)) throw new UsageError(`no PATH can hold ${quote(folder)}`, 'shims');
  refuseOtherFiles([folder]);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const target = { node: process.execPath, main: fileURLToPath(mainUrl), folder };
  const files = shimFiles(names, target);
  for (const [name, text] of files) replaceFile(join(folder, name), text, { permissions: 0o755 });
  // Only the folder is printed, so that the output can be added to $GITHUB_PATH.
  await write(`${folder}\n`);
  const isShowable = printable(folder, folder.length) === folder && process.platform !== 'win32';
  if (process.stdout.isTTY && isShowable) remark(nextStep(folder));
  return 0;
}
