/* The limits for a lockfile. A lockfile that exceeds one is reported as not inspected. */

/** Characters of one lockfile. Large monorepos have some 10 million. */
export const MAX_LOCKFILE_CHARS: number = 48 * 1024 * 1024;

/** Packages of one lockfile. The largest ones known have some 15,000. */
export const MAX_LOCKED_PACKAGES = 100_000;

/** Resolutions of one lockfile. Large monorepos have some 30,000. */
export const MAX_RESOLUTIONS = 400_000;

/** Listed problems of one lockfile. One is enough for exit code 2. */
export const MAX_LOCKFILE_PROBLEMS = 200;

/** Levels of objects and lists. Version 1 of package-lock.json nests dependencies. The deepest known one has 9 levels. */
export const MAX_LOCKFILE_DEPTH = 400;

/** Characters of a name, a version, a URL or an integrity. */
export const MAX_FIELD_CHARS = 4096;
