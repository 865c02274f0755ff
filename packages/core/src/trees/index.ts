/** The files that a client writes for an accepted archive, and their digest: docs/tree-digest.md. */
export type { UnpackedFile, UnpackedFiles } from './archive-tree.ts';
export { isTreeClient, TREE_CLIENTS, unpacksFormat, type TreeClient } from './clients.ts';
export { digestOfTreeText, isTreeDigest, readTreeText, treeDigest, treeText } from './tree-text.ts';
export { unpackedFiles } from './unpacked-files.ts';
