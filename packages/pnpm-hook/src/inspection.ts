/* What it takes to inspect, and to refuse. A file of its own, loaded with the first tarball or policy: most installs need neither. */
export { inspect } from '@tarwarden/core/npm';
export { isWhole, loadPolicy, rejected, unpack } from '@tarwarden/host';
export { archiveCommit, commitOf } from './git.ts';
