/* Modules for a trial of go. */
import { storedZip, type StoredEntry } from './stored-zip.ts';
import type { TrialArchive, TrialKind } from './trial-archive.ts';

export const MODULE_VERSION = 'v1.0.0';
/** RFC 2606 reserves this top-level domain, so that no server has the name. */
export const MODULE_HOST = 'tarwarden.invalid';

/** The module path of a package of that name. */
export function modulePath(name: string): string {
  return `${MODULE_HOST}/${name}`;
}

/** The module with its version, as go and its guard print it. */
export function moduleWithVersion(name: string): string {
  return `${modulePath(name)}@${MODULE_VERSION}`;
}

export function goMod(path: string): string {
  return `module ${path}\n\ngo 1.21\n`;
}

const CANARY: readonly StoredEntry[] = [
  { path: 'link.txt', body: 'canary.txt', isLink: true },
  { path: 'canary.txt', body: 'one line\n', localPath: 'another.txt' },
];

/**
 * A module. The canary has a link, and a file with another name in the directory of the zip than before its data. go without a guard
 * accepts both: it writes the link as a file that holds the target.
 */
export function trialModule(name: string, kind: TrialKind): TrialArchive {
  const folder = `${moduleWithVersion(name)}/`;
  const entries: readonly StoredEntry[] = [
    { path: 'go.mod', body: goMod(modulePath(name)) },
    { path: 'verify.go', body: 'package verify\n' },
    ...(kind === 'canary' ? CANARY : []),
  ];
  const all = entries.map(({ path, localPath = path, ...rest }) => {
    return { ...rest, path: folder + path, localPath: folder + localPath };
  });
  return { fileName: `${MODULE_VERSION}.zip`, bytes: storedZip(all) };
}

/** The files of a module in a folder that go can use as a module proxy, by their paths in it. */
export function moduleProxyFiles(
  path: string,
  zip: Buffer,
): readonly (readonly [path: string, content: string | Buffer])[] {
  const version = `${path}/@v/${MODULE_VERSION}`;
  return [
    [`${path}/@v/list`, `${MODULE_VERSION}\n`],
    [`${version}.info`, `{"Version":"${MODULE_VERSION}","Time":"2020-01-01T00:00:00Z"}`],
    [`${version}.mod`, goMod(path)],
    [`${version}.zip`, zip],
  ];
}
