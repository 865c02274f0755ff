/** Recognises the notes of this machine by a key. */
export { keyFor, machineKey, SEAL_KEY, SEAL_KEY_CHARS_MIN, sealSecret } from './machine-key.ts';
export { stateDirectory } from './state-directory.ts';
