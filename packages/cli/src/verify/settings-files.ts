/* Where the settings of a project are found that decide whether a guard is loaded. */
import { join } from 'node:path';
import { asRecord, readText } from '@tarwarden/host/settings-files';

export type Settings = Readonly<Record<string, unknown>>;

/** A package.json; empty where none can be read: anybody may have put one above the project, and it decides about no guard. */
export function readManifest(folder: string): Settings {
  try {
    return asRecord(JSON.parse(readText(join(folder, 'package.json')) ?? '{}'));
  } catch {
    return {};
  }
}
