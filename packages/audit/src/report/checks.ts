/** Problems of a package besides findings in its archive. Ids are API. */
export type CheckId = keyof typeof CHECKS;

/** The summary and the advice for each check. */
export const CHECKS = {
  'foreign-host': {
    summary: 'The tarball is at a host that is not a configured registry',
    remedy: 'find out who wrote this into the lockfile; where that registry is meant, configure it',
  },
  'other-package': {
    summary: 'The lockfile has another package or version than is asked for',
    remedy: 'find out who wrote this into the lockfile, and have it written anew',
  },
  'not-as-asked': {
    summary: 'The lockfile has something else than package.json asks for',
    remedy: 'find out who wrote this into the lockfile, and have it written anew',
  },
  'weak-integrity': {
    summary: 'The lockfile has no stronger hash than SHA-1',
    remedy: 'remove the entry, and have the package manager write it anew',
  },
  unpinned: {
    summary: 'The lockfile has no hash of what was inspected',
    remedy: 'install with a cache that holds it, and audit again',
  },
  'integrity-mismatch': {
    summary: 'Where it is fetched from has other bytes than the lockfile pins',
    remedy:
      'find out who changed the archive there, or the hash in the lockfile, before anybody installs it',
  },
  'cache-mismatch': {
    summary: 'A cache has other bytes under its name',
    remedy: 'remove this file or folder, and find out who put it there',
  },
  // A package's own shrinkwrap or a missing bundle asks for it.
  'not-locked': {
    summary: 'It will be installed, and no lockfile names it',
    remedy: 'have the lockfile written anew by the package manager',
  },
} as const satisfies Readonly<
  Record<string, { readonly summary: string; readonly remedy: string }>
>;
