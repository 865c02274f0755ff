/* The parts of the inspector that need the rules. It is an entry point of the package, so that a bundle can load it when a difference is found. */
export { weighClaims } from '@tarwarden/core/policy';
export { uploadWarning } from './refused.ts';
