/* What it takes to inspect, and to refuse. A file of its own, loaded with the first tarball: most installs have none. */
export { inspect, inspectInFolder } from '@tarwarden/core/npm';
export { isWhole, rejected, unpack } from '@tarwarden/host';
export { archiveCommit, commitOf } from './git.ts';
