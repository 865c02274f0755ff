/* Every cap on what a lockfile may ask of us. A lockfile past one of them is not inspected, and said to be so. */

/** Characters of one lockfile. Large monorepos have some 10 million. */
export const MAX_LOCKFILE_CHARS: number = 48 * 1024 * 1024;

/** Packages of one lockfile. The largest ones known have some 15,000. */
export const MAX_LOCKED_PACKAGES = 100_000;

/** Answers of one lockfile to what is asked for. Large monorepos have some 30,000. */
export const MAX_RESOLUTIONS = 400_000;

/** Problems that are listed of one lockfile; one is enough for exit code 2. */
export const MAX_LOCKFILE_PROBLEMS = 200;

/** Objects and lists within one another. Version 1 of package-lock.json nests dependencies, 9 deep at the most that was seen. */
export const MAX_LOCKFILE_DEPTH = 400;

/** Characters of a name, a version, a URL or an integrity. */
export const MAX_FIELD_CHARS = 4096;
