/*
 * Lists of files beside signed verdicts in a file, one on each line. No key signs a list: its SHA-512 is the tree digest in a signed
 * verdict.
 */
import { digestOfTreeText, type TreeClient } from '@tarwarden/core/trees';
import type { Verdict } from '@tarwarden/core';
import type { KeptTrees } from './kept-trees.ts';

/** The lists of all tree digests in verdicts, sorted, each as a line of JSON. A list that is not kept or longer than `charsMax` is left out. */
export function listLines(
  verdicts: readonly Pick<Verdict, 'trees'>[],
  kept: KeptTrees,
  charsMax: number,
): string[] {
  const digests = new Set(verdicts.flatMap(digestsOf));
  return [...digests].toSorted().flatMap((digest) => {
    const list = kept.text(digest);
    const line = list === undefined ? undefined : JSON.stringify({ tarwardenTree: list });
    return line === undefined || line.length > charsMax ? [] : [line];
  });
}

/** The list on a line, and its tree digest. Undefined if it is another line. */
export function listOnLine(line: string): { digest: string; list: string } | undefined {
  if (!line.startsWith('{"tarwardenTree":')) return undefined;
  try {
    const { tarwardenTree: list } = JSON.parse(line) as { tarwardenTree?: unknown };
    return typeof list === 'string' ? { digest: digestOfTreeText(list), list } : undefined;
  } catch {
    return undefined;
  }
}

/** The tree digests that a verdict states. */
export function digestsOf({ trees = {} }: Pick<Verdict, 'trees'>): string[] {
  return (Object.keys(trees) as TreeClient[]).flatMap((client) => trees[client] ?? []);
}
