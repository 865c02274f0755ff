/*
 * Files of other users that pnpm takes: it looks for a workspace in every folder above the project, of which /tmp or a shared folder
 * may be one. pnpm would load that user's pnpmfile, or install what that user's settings say.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asRecord, readText } from '../files.ts';
import { problemOfSettingsFile } from '../found-files.ts';
import type { Where } from '../where.ts';
import { MANIFESTS, pnpmFolders, WORKSPACE } from './layers.ts';
import { pluginPnpmfile, pnpmLoading } from './pnpmfiles.ts';
import { PNPM_HARMLESS } from './harmless.ts';

/** A file that pnpm must not take. */
export interface OthersFile {
  /** Whose it is, as a sentence. */
  readonly problem: string;
  /** What pnpm would do with it, after "pnpm would". */
  readonly would: string;
}

/** The first such file for a version of pnpm that is started somewhere. */
export function pnpmOthersFile(version: string, where: Where): OthersFile | undefined {
  for (const [file, would] of filesThatCount(version, where)) {
    const problem = problemOfSettingsFile(file, where);
    if (problem !== undefined) return { problem, would };
  }
  return undefined;
}

/** Files by which pnpm runs code, or by which it installs something else or from elsewhere. */
function* filesThatCount(version: string, where: Where): Generator<readonly [string, string]> {
  for (const { folder, pnpmfiles, configDependencies, layers } of pnpmLoading(version, where)) {
    for (const file of pnpmfiles) yield [file, 'run it'];
    for (const name of configDependencies) {
      const file = pluginPnpmfile(folder, name);
      if (file !== undefined && existsSync(file)) yield [file, 'run it'];
    }
    for (const layer of layers) {
      const origin = layer.origin('');
      if (origin.kind !== 'file' || origin.author !== 'other-user') continue;
      const names = [...layer.values.keys()].filter((name) => !PNPM_HARMLESS.has(name));
      if (layer.unreadable !== undefined) yield [origin.file, 'take settings that cannot be read'];
      else if (names.length > 0) yield [origin.file, `take its settings (${names.join(', ')})`];
    }
  }
  for (const { workspace } of pnpmFolders(version, where)) {
    if (workspace === undefined || !existsSync(join(workspace, WORKSPACE))) continue;
    for (const name of MANIFESTS) {
      const file = join(workspace, name);
      if (hasScripts(file)) yield [file, 'run its scripts'];
    }
  }
}

/** A manifest in another format than JSON may have some. */
function hasScripts(file: string): boolean {
  const read = readText(file);
  if (read === undefined) return false;
  if ('unreadable' in read) return true;
  try {
    return Object.keys(asRecord(asRecord(JSON.parse(read.text))['scripts'])).length > 0;
  } catch {
    return true;
  }
}
