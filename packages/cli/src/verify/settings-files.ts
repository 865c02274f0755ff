/* Where the settings of a project are found that decide whether a guard is loaded. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { asRecord, readText } from '@tarwarden/host/settings-files';

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

/** A package.json; empty where none can be read: anybody may have put one above the project, and it decides about no guard. */
export function readManifest(folder: string): Settings {
  try {
    return asRecord(JSON.parse(readText(join(folder, 'package.json')) ?? '{}'));
  } catch {
    return {};
  }
}
