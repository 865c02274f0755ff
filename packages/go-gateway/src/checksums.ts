/* Reads the hashes of module zips from go.sum and from the module cache. */
import { dirname, join, resolve } from 'node:path';
import { isMissing } from '@tarwarden/host';
import { readRegularFile, type RegularFileOptions } from '@tarwarden/host/go';
import type { GoSettings } from './go-settings.ts';

/** The most bytes of a go.sum. Those of large projects have a megabyte. */
const MAX_SUM_BYTES = 64 * 1024 * 1024;

/** `h1:` hashes by `module version`. Several if the files differ; go itself decides then. */
export type Pins = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The hashes in go.sum, which is beside go.mod or the file of `-modfile`. In a workspace, those of each module and of go.work.sum.
 * @throws Error for a file that cannot be read.
 */
export function readPins(
  { GOMOD, GOWORK }: Pick<GoSettings, 'GOMOD' | 'GOWORK'>,
  modfile?: string,
): Pins {
  const pins = new Map<string, Set<string>>();
  for (const file of sumFiles({ GOMOD, GOWORK }, modfile)) {
    for (const [module, sum] of parseSums(read(file)?.toString('utf8') ?? '')) {
      const sums = pins.get(module) ?? new Set();
      pins.set(module, sums.add(sum));
    }
  }
  return pins;
}

function sumFiles(
  { GOMOD, GOWORK }: Pick<GoSettings, 'GOMOD' | 'GOWORK'>,
  modfile?: string,
): string[] {
  const folders = moduleFolders({ GOMOD, GOWORK });
  if (GOWORK.endsWith('.work'))
    return [`${GOWORK}.sum`, ...folders.map((folder) => join(folder, 'go.sum'))];
  if (modfile !== undefined && folders.length > 0) return [modfile.replace(/\.mod$/, '.sum')];
  return folders.map((folder) => join(folder, 'go.sum'));
}

/**
 * The folders of the main modules: that of go.mod, or in a workspace those that go.work names.
 * @throws Error if go.work cannot be read.
 */
export function moduleFolders({ GOMOD, GOWORK }: Pick<GoSettings, 'GOMOD' | 'GOWORK'>): string[] {
  if (!GOWORK.endsWith('.work')) return GOMOD.endsWith('.mod') ? [dirname(GOMOD)] : [];
  const used = usedFolders(read(GOWORK)?.toString('utf8') ?? '');
  return used.map((folder) => resolve(dirname(GOWORK), folder));
}

/** The folders that the `use` lines of a go.work name. */
export function usedFolders(text: string): string[] {
  const folders: string[] = [];
  let inBlock = false;
  for (const line of text.split('\n')) {
    const words = line.replace(/\/\/.*$/, '').trim();
    const [, folder] = /^use\s+([^\s(].*)$/.exec(words) ?? [];
    if (folder !== undefined) folders.push(unquoted(folder));
    else if (/^use\s*\($/.test(words)) inBlock = true;
    else if (words === ')') inBlock = false;
    else if (inBlock && words !== '') folders.push(unquoted(words));
  }
  return folders;
}

function unquoted(text: string): string {
  return /^(["`])(.*)\1$/.exec(text)?.[2] ?? text;
}

/** The lines about zips. A line about a go.mod file has a version that ends in `/go.mod`. */
export function parseSums(text: string): [module: string, sum: string][] {
  return text.split('\n').flatMap((line): [string, string][] => {
    const [path, version, sum, ...more] = line.trim().split(/\s+/);
    if (path === undefined || version === undefined || sum === undefined || more.length > 0)
      return [];
    return version.endsWith('/go.mod') ? [] : [[`${path} ${version}`, sum]];
  });
}

/** The most bytes of a `.ziphash`. go writes 47, and trims white space. */
const MAX_NOTE_BYTES = 4096;
/** `h1:` and a SHA-256 in base64. */
const NOTE_CHARS = 47;

/**
 * The hash in the file beside a zip. go compares this hash with go.sum, and not the zip. Undefined if there is none, or if go would
 * write it again (modfetch.isValidSum).
 * @throws for a file that cannot be read as go reads it.
 */
export function ziphashOf(zip: string): string | undefined {
  const file = `${zip.slice(0, -'.zip'.length)}.ziphash`;
  const text = read(file, { bytesMax: MAX_NOTE_BYTES })?.toString('utf8');
  // Trims at least the characters that bytes.TrimSpace trims.
  const noted = text?.replaceAll(/^[\s\u0085]+|[\s\u0085]+$/g, '') ?? '';
  return Buffer.byteLength(noted) !== NOTE_CHARS || noted.includes('\0') ? undefined : noted;
}

function read(
  file: string,
  options: RegularFileOptions = { bytesMax: MAX_SUM_BYTES, follow: true },
): Buffer | undefined {
  try {
    return readRegularFile(file, options);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Error(`${file} could not be read: ${(error as Error).message}`, { cause: error });
  }
}
