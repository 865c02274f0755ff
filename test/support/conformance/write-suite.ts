/** Writes the conformance suite into a folder: the archives, `manifest.json`, and the files that go with them as they are. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RULESET } from '@tarwarden/core';
import { suiteArchives } from './suite-archives.ts';
import { suiteEntry, type SuiteEntry } from './suite-manifest.ts';
import { isWithheld, withheld } from './withheld.ts';

/**
 * The version of the suite (semver). Major: the shape of the manifest or the protocol of the runner changes, or an expected result.
 * Minor: an archive is added or removed. Patch: titles, citations, measurements. `SUITE_DIGEST` must be changed with it.
 */
export const SUITE_VERSION = '1.0.0';

/** Hash over the ids and the bytes of all archives of this version. */
export const SUITE_DIGEST = 'b4614c634b4a53fab7c5454107086ade';

/** Absolute paths that archives aim at. The runner reports an escape if one of them exists after a command. */
const TARGETS = ['/nonexistent', '/tmp/planted', '/root/planted', '/sentinel'];

export interface SuiteManifest {
  readonly schema: 1;
  readonly suite: string;
  readonly version: string;
  readonly digest: string;
  readonly license: 'MIT-0';
  readonly ruleset: string;
  readonly targets: readonly string[];
  readonly archives: readonly SuiteEntry[];
  /** Ids of archives that are not in the folder. */
  readonly withheld: readonly string[];
}

const FILES = fileURLToPath(new URL('suite', import.meta.url));

/** Thrown if the folder has other files in it. */
export class FolderNotEmpty extends Error {}

/** @throws FolderNotEmpty unless the folder is missing, empty, or an earlier suite, which is replaced. */
export function writeSuite(folder: string): SuiteManifest {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder);
  if (names.length > 0 && !['manifest.json', 'run.mjs'].every((name) => names.includes(name)))
    throw new FolderNotEmpty(`${folder} has other files in it: name a new folder`);
  rmSync(join(folder, 'archives'), { recursive: true, force: true });
  cpSync(FILES, folder, { recursive: true });
  const digest = createHash('sha512');
  const archives: SuiteEntry[] = [];
  for (const archive of suiteArchives) {
    if (isWithheld(archive)) continue;
    const bytes = archive.build();
    const entry = suiteEntry(archive, bytes);
    const file = join(folder, entry.file);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    digest.update(`${entry.id} ${entry.sha512}\n`);
    archives.push(entry);
  }
  const manifest: SuiteManifest = {
    schema: 1,
    suite: 'tarwarden conformance suite',
    version: SUITE_VERSION,
    digest: digest.digest('hex').slice(0, 32),
    license: 'MIT-0',
    ruleset: RULESET,
    targets: TARGETS,
    archives,
    withheld: withheld.map(({ id }) => id),
  };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
