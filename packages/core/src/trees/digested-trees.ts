import type { Format } from '../finding/format.ts';
import type { ReceiveTree, TreeClient } from '../finding/tree-client.ts';
import type { TreeDigests, Verdict } from '../finding/verdict.ts';
import type { ArchiveTree } from './archive-tree.ts';
import { unpacksFormat } from './clients.ts';
import { digestOfTreeText, treeText } from './tree-text.ts';

/** The clients that unpack archives of this format. */
export function treesFor(
  format: Format,
  clients: readonly TreeClient[] = [],
): readonly TreeClient[] {
  return clients.filter((client) => unpacksFormat(client, format));
}

/** The tree digests of an archive that was read to its end. */
export function digestedTrees(
  tree: ArchiveTree,
  clients: readonly TreeClient[],
  receive?: ReceiveTree,
): TreeDigests {
  const digests: Partial<Record<TreeClient, string | null>> = {};
  for (const client of clients) {
    const files = tree.filesFor(client);
    if (files === undefined) {
      digests[client] = null;
      continue;
    }
    const text = treeText(client, files);
    const digest = digestOfTreeText(text);
    receive?.(digest, text);
    digests[client] = digest;
  }
  return digests;
}

/** Whether a verdict states the tree digests for these clients, as far as an archive of its format can have them. */
export function statesTrees(
  { status, format, trees = {} }: Pick<Verdict, 'status' | 'format' | 'trees'>,
  clients: readonly TreeClient[],
): boolean {
  return (
    status !== 'accept' || treesFor(format, clients).every((client) => trees[client] !== undefined)
  );
}
