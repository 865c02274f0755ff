import { UsageError } from '@tarwarden/host/command-line';

/** The most bytes of a list. A million paths fit. */
const MAX_LIST_BYTES = 256 * 1024 * 1024;

/** The paths of a list. If it contains a NUL, NULs separate them, otherwise line ends do. Empty paths are left out. */
export function splitPaths(list: string): string[] {
  const separator = list.includes('\0') ? '\0' : process.platform === 'win32' ? /\r?\n/ : '\n';
  return list.split(separator).filter((path) => path !== '');
}

/** Reads a list of paths from a stream to its end. */
export async function readPaths(stream: AsyncIterable<Buffer>): Promise<string[]> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MAX_LIST_BYTES)
      throw new UsageError('the list on standard input is too long', 'scan');
    chunks.push(chunk);
  }
  return splitPaths(Buffer.concat(chunks).toString('utf8'));
}
