/**
 * The seal of a folder: a list of everything in it, with a code that only the owner of a key can make. A cache that comes back from a CI
 * service is compared with its seal before a client uses it.
 */
export { checkSeal, type CheckedSeal, type SealDifference } from './check.ts';
export { USE_BYTES_MAX } from './format.ts';
export { placeOf, SEAL_NAME } from './walk.ts';
export { removeFolder } from './remove.ts';
export { writeSeal, type SealOptions } from './write.ts';
