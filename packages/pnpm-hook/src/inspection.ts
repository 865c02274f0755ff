/* What it takes to inspect, and to refuse. A file of its own, loaded with the first tarball: most installs have none. */
export { inspect } from '@tarwarden/core/npm';
export { archiveCommit, commitOf, isWhole, rejected, unpack } from '@tarwarden/host';
