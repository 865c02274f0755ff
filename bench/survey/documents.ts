/* Reads the documents that pnpm 12 has kept: a line with the length of an index, the index, and the documents one after another. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type VersionDocument = Readonly<Record<string, unknown>> & {
  readonly dist?: { readonly integrity?: string };
};

interface Index {
  readonly versions?: readonly (readonly [version: string, offset: number, length: number])[];
}

/** The last name alone: a list has the versions of a name one after another. */
let last: readonly [string, Map<string, VersionDocument> | undefined] = ['', undefined];

/** The documents of all versions of a package. Undefined if the folder has none. */
export function documentsOf(
  folder: string,
  name: string,
): Map<string, VersionDocument> | undefined {
  if (last[0] !== name) last = [name, read(join(folder, `${name}.jsonl`))];
  return last[1];
}

function read(file: string): Map<string, VersionDocument> | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  const start = bytes.indexOf(0x0a) + 1;
  const [, first = 0, second = 0] = bytes.toString('utf8', 0, start).split(' ').map(Number);
  const body = start + first + second;
  const index = JSON.parse(bytes.toString('utf8', start + first, body)) as Index;
  return new Map(
    (index.versions ?? []).map(([version, offset, length]) => {
      const text = bytes.toString('utf8', body + offset, body + offset + length);
      return [version, JSON.parse(text) as VersionDocument];
    }),
  );
}
