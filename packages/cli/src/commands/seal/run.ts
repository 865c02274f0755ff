import { basename, dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { TarwardenError } from '@tarwarden/core';
import { escapedJson, printablePath } from '@tarwarden/core/text';
import {
  rememberRejection,
  tell,
  UsageError,
  write,
  type Call,
  type Values,
} from '@tarwarden/guard/command-line';
import { homeFolder } from '@tarwarden/guard/home-folder';
import { keyFor, SEAL_KEY, SEAL_KEY_CHARS_MIN, sealSecret } from '@tarwarden/guard/machine-key';
import { isWithin, realOrSame } from '@tarwarden/guard/real-path';
import {
  checkSeal,
  placeOf,
  removeFolder,
  USE_BYTES_MAX,
  writeSeal,
  type CheckedSeal,
  type SealDifference,
  type SealOptions,
} from '@tarwarden/guard/seal';
import { startProgress } from '../../archives/progress.ts';
import type { definition } from './definition.ts';

type Options = typeof definition.options;

type FolderResult = { readonly folder: string; readonly removed?: true } & (
  | CheckedSeal
  | { readonly status: 'sealed'; readonly entries: number; readonly bytes: number }
  | { readonly status: 'failed'; readonly reason: string }
);

/** Differences that the text shows. JSON has more of them. */
const SHOWN_DIFFERENCES = 20;

export async function sealCommand({ operands, values, mainUrl }: Call<Options>): Promise<number> {
  const [action, ...folders] = operands;
  checkUsage(action === 'write', folders, values);
  // A seal in the wrong place is a mistake of the user. The folder must not be removed for it.
  for (const folder of folders) placeOf({ folder, file: values.file });
  const key = sealKey();
  const results: FolderResult[] = [];
  const isJson = values.reporter === 'json';
  for (const folder of folders) {
    const line = startProgress(process.stderr, 'entries');
    const options: SealOptions = {
      folder,
      file: values.file,
      use: values.for ?? '',
      key,
      startThread: () => new Worker(new URL('./seal-thread.js', mainUrl)),
      onProgress: (entries) => line.update(entries),
    };
    // oxlint-disable-next-line no-await-in-loop -- one after another: each uses all threads
    const result = await resultOf(options, action === 'write', values.remove === true);
    line.clear();
    results.push(result);
    if (result.status === 'not-whole') rememberRejection();
    // oxlint-disable-next-line no-await-in-loop -- in order
    if (!isJson) await report(result);
  }
  if (isJson) await write(`${escapedJson({ folders: results.map(asJson) })}\n`);
  return exitCode(results);
}

function checkUsage(isWrite: boolean, folders: readonly string[], values: Values<Options>): void {
  if (folders.length === 0) throw new UsageError('name the folder', 'seal');
  if (values.file !== undefined && folders.length > 1)
    throw new UsageError('--file takes one folder: each folder has its own seal', 'seal');
  if (Buffer.byteLength(values.for ?? '') > USE_BYTES_MAX)
    throw new UsageError(`--for takes at most ${USE_BYTES_MAX} bytes`, 'seal');
  if (values.remove !== true) return;
  if (isWrite) throw new UsageError('--remove is for check', 'seal');
  // A variable without a value makes "$FOLDER/" the root.
  const ownFolders = [process.cwd(), homeFolder(process.env)];
  const keptFolders = [...ownFolders, ...ownFolders.map(realOrSame)];
  const above = folders.find((folder) => {
    const path = resolve(folder);
    // Only the folders above it: if the folder itself is a link, the link is removed.
    const real = join(realOrSame(dirname(path)), basename(path));
    return keptFolders.some((inner) => isWithin(path, inner) || isWithin(real, inner));
  });
  if (above !== undefined)
    throw new UsageError(
      `--remove does not remove ${printablePath(above)}: the current folder or your home folder is in it`,
      'seal',
    );
}

/** A key that is too short must not become another key: the folder would be removed as not whole. */
function sealKey(): Buffer {
  const secret = sealSecret(process.env);
  if (secret !== undefined && secret.length < SEAL_KEY_CHARS_MIN)
    throw new UsageError(
      `${SEAL_KEY} has fewer than ${SEAL_KEY_CHARS_MIN} characters; set it to a longer random text, such as the output of: openssl rand -hex 32`,
      'seal',
    );
  const key = keyFor('sealed folders', process.env, true);
  if (key === undefined)
    throw new UsageError(
      `this machine cannot keep a key of its own; set ${SEAL_KEY} to a secret of at least ${SEAL_KEY_CHARS_MIN} characters`,
      'seal',
    );
  return key;
}

async function resultOf(
  options: SealOptions,
  isWrite: boolean,
  isRemoved: boolean,
): Promise<FolderResult> {
  const { folder } = options;
  const result = await attempt(folder, async () =>
    isWrite
      ? { folder, status: 'sealed', ...(await writeSeal(options)) }
      : { folder, ...(await checkSeal(options)) },
  );
  if (!isRemoved || (result.status !== 'not-whole' && result.status !== 'failed')) return result;
  return attempt(folder, () => {
    removeFolder(folder);
    return { ...result, removed: true };
  });
}

/** The result, or the reason why a folder could not be sealed, checked or removed. Other errors are bugs, and stay errors. */
async function attempt(
  folder: string,
  act: () => FolderResult | Promise<FolderResult>,
): Promise<FolderResult> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof TarwardenError)) throw error;
    return { folder, status: 'failed', reason: error.message };
  }
}

function exitCode(results: readonly FolderResult[]): number {
  const remaining = results.filter(({ removed }) => removed !== true);
  if (remaining.some(({ status }) => status === 'not-whole')) return 1;
  return remaining.some(({ status }) => status === 'failed') ? 2 : 0;
}

async function report(result: FolderResult): Promise<void> {
  const name = printablePath(result.folder);
  const isRemoved = result.removed === true;
  switch (result.status) {
    case 'sealed':
      return write(`sealed ${name}: ${entriesText(result.entries)}\n`);
    case 'whole':
      return write(`${name} is whole: ${entriesText(result.entries)}\n`);
    case 'absent':
      return write(`${name} ${result.reason}, so there is nothing to check\n`);
    case 'failed':
      return tell(isRemoved ? `removed ${name}: ${result.reason}` : result.reason);
    case 'not-whole': {
      const { reason, differences, differenceCount } = result;
      const count = `${entriesText(differenceCount)} ${differenceCount === 1 ? 'differs' : 'differ'}`;
      if (isRemoved) {
        const [first] = differences;
        const why = reason ?? `${count} from its seal, first: ${first && differenceText(first)}`;
        return tell(`removed ${name}, because ${reason === undefined ? why : `it ${why}`}`);
      }
      const shownDifferences = differences.slice(0, SHOWN_DIFFERENCES);
      const moreCount = differenceCount - shownDifferences.length;
      const lines = [
        `${name} is not whole: ${reason === undefined ? `${count} from its seal` : `it ${reason}`}`,
        ...shownDifferences.map((difference) => `  ${differenceText(difference)}`),
        ...(moreCount > 0 ? [`  and ${moreCount} more`] : []),
        'Do not use this folder: remove it, or run the check with --remove',
      ];
      return write(`${lines.join('\n')}\n`);
    }
  }
}

function entriesText(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

function differenceText({ is, path, what }: SealDifference): string {
  const detail = what === undefined ? '' : ` (${what})`;
  return `${is} ${printablePath(path.toString())}${detail}`;
}

function asJson(result: FolderResult): object {
  if (result.status !== 'not-whole') return result;
  const differences = result.differences.map(({ is, path, what }) => {
    const text = path.toString();
    // Text cannot show bytes that are no UTF-8.
    const bytes = Buffer.from(text).equals(path) ? {} : { pathHex: path.toString('hex') };
    return { is, path: text, ...bytes, ...(what !== undefined && { what }) };
  });
  return { ...result, differences };
}
