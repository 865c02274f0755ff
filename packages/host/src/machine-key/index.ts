/** Recognises files of this machine: its own notes by a key, and other files by their birth. */
export { FileSeals } from './file-seals.ts';
export { CACHE_KEY, cacheKey, machineKey } from './machine-key.ts';
export { birthAt, birthOf } from './made-here.ts';
export { stateDirectory } from './state-directory.ts';
