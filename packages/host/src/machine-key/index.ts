/** Recognises files of this machine: its own notes by a key, and other files by their birth. */
export { FileSeals } from './file-seals.ts';
export { keyFor, machineKey, SEAL_KEY, SEAL_KEY_CHARS_MIN, sealSecret } from './machine-key.ts';
export { birthAt, birthOf } from './made-here.ts';
export { stateDirectory } from './state-directory.ts';
