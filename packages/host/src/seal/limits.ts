/* Bounds of a seal and of the folder that it lists. */

/** Entries below one folder. Seen: 180,000, in the store of a large monorepo. */
export const ENTRIES_MAX = 1_000_000;

/** Bytes of a seal, which is read into memory. A million entries with paths of 200 bytes fit. */
export const SEAL_BYTES_MAX: number = 256 * 1024 * 1024;

/** Bytes of a path below the folder, and of a link's target: Linux allows no longer path. */
export const PATH_BYTES_MAX = 4096;

/** Folders in folders. Seen: 30. */
export const DEPTH_MAX = 256;

/** Bytes of the name of a use. */
export const USE_BYTES_MAX = 1024;

/** Differences that are kept. All of them are counted. */
export const DIFFERENCES_MAX = 1000;
