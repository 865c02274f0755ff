/** The files that a client writes for an accepted archive, and their digest: docs/tree-digest.md. */
export type { UnpackedFile, UnpackedFiles } from './archive-tree.ts';
export { TREE_CLIENTS, type ReceiveTree, type TreeClient } from '../finding/tree-client.ts';
export { isTreeClient, unpacksFormat } from './clients.ts';
export { statesTrees } from './digested-trees.ts';
export { digestOfTreeText, isTreeDigest, readTreeText, treeDigest, treeText } from './tree-text.ts';
export { unpackedFiles } from './unpacked-files.ts';
