import type { Format } from '../finding/format.ts';
import type { TreeClient } from '../finding/tree-client.ts';
import { formatOf } from '../formats/index.ts';
import type { Limits } from '../limits.ts';
import { ArchiveTree, type UnpackedFiles } from './archive-tree.ts';

/**
 * The files that a client writes when it unpacks an archive that was inspected and accepted under the same limits. Undefined if the
 * archive has links or other entries that this client may write.
 */
export function unpackedFiles(
  bytes: Uint8Array,
  id: Format,
  client: TreeClient,
  limits: Limits,
): UnpackedFiles | undefined {
  const format = formatOf(id);
  const tree = new ArchiveTree(format.layout);
  const sink = {
    entry: tree.entry.bind(tree),
    body: tree.body.bind(tree),
    anomaly: (): void => undefined,
    enough: () => false,
  };
  format.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), sink, { limits });
  return tree.filesFor(client);
}
