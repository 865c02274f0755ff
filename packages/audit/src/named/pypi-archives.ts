/* Gets the files of one version from the indexes that pip is configured to use. */
import type { NamedVersion } from '@tarwarden/core/policy';
import { printable, quote } from '@tarwarden/core/text';
import { noBytes, OFFLINE } from '../archives.ts';
import { Pypi } from '../ecosystems/pypi/pypi.ts';
import {
  distributionFormatOf,
  isPlainFileName,
  type PypiIndexFile,
} from '../ecosystems/pypi/simple-index.ts';
import {
  ARCHIVES_MAX,
  lockedIn,
  type LockedNamedPackage,
  type NamedPackage,
  type NamedResult,
} from './named-archive.ts';
import { isWheelFor, currentMachine } from './this-machine.ts';

export async function* pypiArchives(
  { request, options }: NamedPackage,
  locked: LockedNamedPackage,
): AsyncGenerator<NamedResult> {
  const { env, offline, fileName } = options;
  if (offline) return yield OFFLINE;
  const pypi = new Pypi({ env, offline, root: '' });
  const indexes = locked.entries.flatMap((entry) => entry.indexes ?? []);
  const { files: versionFiles, failure } = await pypi.filesOf(request, indexes);
  if (versionFiles.length === 0) return yield failure ?? noVersion(request);
  const machine = currentMachine();
  const suitableFiles = versionFiles.filter((file) =>
    fileName === undefined ? isWheelFor(machine, file.fileName) : file.fileName === fileName,
  );
  const files = new Map(
    suitableFiles.map((file) => [JSON.stringify([file.fileName, file.hashes]), file]),
  );
  if (files.size === 0) return yield notListed(versionFiles, fileName);
  if (files.size > ARCHIVES_MAX) return yield tooMany([...files.values()]);
  for (const file of files.values()) {
    // oxlint-disable-next-line no-await-in-loop -- each is as large as an archive may be
    yield await archiveOf(file, { pypi, request, locked });
  }
  if (failure !== undefined) yield failure;
}

async function archiveOf(
  file: PypiIndexFile,
  {
    pypi,
    request: { name, version },
    locked,
  }: {
    readonly pypi: Pypi;
    readonly request: NamedVersion;
    readonly locked: LockedNamedPackage;
  },
): Promise<NamedResult> {
  const { fileName } = file;
  if (!isPlainFileName(fileName)) return noBytes(`${quote(fileName)} is not the name of a file`);
  const download = await pypi.download(file, (address) =>
    noBytes(`${address} has other bytes than its index says`),
  );
  if ('code' in download) return download;
  const format = distributionFormatOf(fileName);
  const pinned = await lockedIn(locked.entries, download.content);
  return { ...download, fileName, format, expected: { name, version, fileName }, ...pinned };
}

function noVersion({ name }: NamedVersion): NamedResult {
  return noBytes(
    'no index has a file of this version',
    `list the versions that there are by: pip index versions ${name}`,
  );
}

function notListed(files: readonly PypiIndexFile[], fileName: string | undefined): NamedResult {
  const names = fileList(files);
  return fileName === undefined
    ? noBytes(`this version has no file for this machine, but ${names}`, 'name one by --file')
    : noBytes(`this version has no file ${quote(fileName)}, but ${names}`);
}

function tooMany(files: readonly PypiIndexFile[]): NamedResult {
  const message = `this version has ${files.length} files for this machine, more than ${ARCHIVES_MAX}: ${fileList(files)}`;
  return noBytes(message, 'name one by --file');
}

const LISTED_MAX = 10;

function fileList(files: readonly PypiIndexFile[]): string {
  const names = [...new Set(files.map((file) => file.fileName))];
  const remainder = names.length > LISTED_MAX ? `, and ${names.length - LISTED_MAX} more` : '';
  return `${names
    .slice(0, LISTED_MAX)
    .map((name) => printable(name, 200))
    .join(', ')}${remainder}`;
}
