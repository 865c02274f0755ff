/** The clients whose unpacked files a tree digest can describe. `trees/clients.ts` says how they differ. */
export const TREE_CLIENTS = ['npm', 'pnpm', 'yarn', 'yarn-classic', 'bun', 'gem', 'go'] as const;

export type TreeClient = (typeof TREE_CLIENTS)[number];

/** Receives the list of files whose hash is a tree digest: `treeText` in `trees`. */
export type ReceiveTree = (digest: string, text: string) => void;
