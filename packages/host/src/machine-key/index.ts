/** Recognises the notes and files of this machine by a key. */
export { FileSeals } from './file-seals.ts';
export { CACHE_KEY, cacheKey, machineKey } from './machine-key.ts';
export { stateDirectory } from './state-directory.ts';
