/* The parts of the guard that need the rules. It is an entry point of the package, so that a bundle can load it with the first rejection. */
export { weighClaims } from '@tarwarden/core/policy';
export { rejected, uploadWarning } from './refused.ts';
