/* Reads the settings of a project that decide whether a guard is loaded, and no others. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { quote } from '@tarwarden/core/text';
import { parse } from 'ini';
import { JSON_SCHEMA, load, type Schema } from 'js-yaml';

/** Bytes of a file of settings; a larger one is not read. */
const FILE_BYTES_MAX = 1024 * 1024;

export type Settings = Readonly<Record<string, unknown>>;

/** `start` and the folders above it, the nearest first. */
export function foldersAbove(start: string): string[] {
  const all = [resolve(start)];
  for (let folder = dirname(all[0]!); folder !== all.at(-1); folder = dirname(folder))
    all.push(folder);
  return all;
}

/** The nearest folder, from `start` upwards, that has one of these in it. */
export function nearestWith(start: string, ...names: readonly string[]): string | undefined {
  return foldersAbove(start).find((folder) => names.some((name) => existsSync(join(folder, name))));
}

/** The text of a file; undefined where there is none. */
export function readText(file: string): string | undefined {
  try {
    const stat = statSync(file);
    // A pipe would keep us waiting.
    if (!stat.isFile()) return undefined;
    if (stat.size > FILE_BYTES_MAX) throw unreadable(file, 'it is too large');
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (error instanceof TarwardenError) throw error;
    throw unreadable(file, code ?? String(error));
  }
}

/** A file of settings in YAML, as its manager takes it; empty where there is none. */
export function readSettings(file: string, schema: Schema = JSON_SCHEMA): Settings {
  const text = readText(file);
  if (text === undefined) return {};
  try {
    return asRecord(load(text, { schema }));
  } catch (error) {
    throw unreadable(file, (error as Error).message.split('\n')[0] ?? '');
  }
}

/** An .npmrc, with the variables in its names replaced as the managers do; empty where there is none. */
export function readNpmrc(file: string, env: NodeJS.ProcessEnv): Settings {
  const settings: Settings = parse(readText(file) ?? '');
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name.replaceAll(
        /\$\{([^${}]+?)(?::?-([^${}]*))?\}/g,
        (_, variable: string, other = '') => env[variable] ?? String(other),
      ),
      value,
    ]),
  );
}

/** A package.json; empty where none can be read: anybody may have put one above the project, and it decides about no guard. */
export function readManifest(folder: string): Settings {
  try {
    return asRecord(JSON.parse(readText(join(folder, 'package.json')) ?? '{}'));
  } catch {
    return {};
  }
}

/** A mapping as it is; empty for everything else. */
export function asRecord(value: unknown): Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Settings)
    : {};
}

/** A setting's name without regard to how the file spells it: `ignorePnpmfile`, `ignore-pnpmfile`. */
export function plainName(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

function unreadable(file: string, why: string): TarwardenError {
  return new TarwardenError(
    'NOT_INSPECTED',
    `${quote(file)} cannot be read (${quote(why)}), so it is not known how a package manager runs here`,
  );
}
