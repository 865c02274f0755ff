/* What `verify` has go fetch: one module that its guard has to refuse, and one that it has to let pass. */
import { storedZip, type StoredEntry } from '@tarwarden/guarded-run/trial-archives';

export const VERSION = 'v1.0.0';
/** Nobody can have it: RFC 2606. */
export const HOST = 'tarwarden.invalid';

/** The module path of a package of that name. */
export function modulePath(name: string): string {
  return `${HOST}/${name}`;
}

/** How the guard and go call it. */
export function moduleSubject(name: string): string {
  return `${modulePath(name)}@${VERSION}`;
}

export function goMod(path: string): string {
  return `module ${path}\n\ngo 1.21\n`;
}

export function cleanModule(name: string): Buffer {
  return moduleZip(name, []);
}

/**
 * A module that no default policy lets pass, for two reasons: a link, and a file that is called otherwise in the directory
 * of the zip than before its data. go without a guard takes both: it writes the link as a file that holds the target.
 */
export function canaryModule(name: string): Buffer {
  return moduleZip(name, [
    { path: 'link.txt', body: 'canary.txt', isLink: true },
    { path: 'canary.txt', body: 'one line\n', localPath: 'another.txt' },
  ]);
}

function moduleZip(name: string, more: readonly StoredEntry[]): Buffer {
  const folder = `${moduleSubject(name)}/`;
  const entries: readonly StoredEntry[] = [
    { path: 'go.mod', body: goMod(modulePath(name)) },
    { path: 'verify.go', body: 'package verify\n' },
    ...more,
  ];
  return storedZip(
    entries.map(({ path, localPath = path, ...rest }) => ({
      ...rest,
      path: folder + path,
      localPath: folder + localPath,
    })),
  );
}
