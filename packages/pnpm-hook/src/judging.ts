/* What it takes to judge, and to refuse. A file of its own, loaded with the first tarball or policy: most installs need neither. */
export { formatBlock, inspect } from '@tarwarden/core';
export { isWhole, loadPolicy, unpack } from '@tarwarden/core/host';
export { archiveCommit, commitOf } from './git.ts';
