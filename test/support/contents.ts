/** What a tar would put into the package's folder. */
import { TarReader } from '../../packages/core/src/containers/tar/reader.ts';
import type { Entry } from '../../packages/core/src/containers/entry.ts';
import { DEFAULT_LIMITS } from '../../packages/core/src/limits.ts';
import { NpmPackage } from '../../packages/core/src/metadata/npm-package.ts';
import type { Body } from '../../packages/core/src/tree/body.ts';
import { PackageTree } from '../../packages/core/src/tree/tree.ts';
import { archive, end, entry, type Part } from './tar.ts';

/** A tree and the metadata of npm, filled as `inspect` fills them. */
export class Contents {
  readonly tree: PackageTree = new PackageTree();
  readonly npm: NpmPackage;
  #body: Body | undefined;

  constructor(cap: number) {
    this.npm = new NpmPackage(this.tree, cap);
  }

  /** Whether the content is wanted. */
  add(one: Entry): boolean {
    const key = this.tree.add(one);
    this.#body =
      key === undefined ? undefined : (this.npm.bodyFor(one, key) ?? this.tree.bodyFor(one, key));
    return this.#body !== undefined;
  }

  body(piece: Buffer): void {
    this.#body?.add(piece);
  }

  end(complete: boolean): void {
    this.npm.end();
    this.tree.end(complete);
  }
}

export interface Read {
  readonly contents: Contents;
  readonly entries: readonly Entry[];
  /** Paths of entries whose content was wanted. */
  readonly wanted: readonly string[];
  /** Clashes as `kind entry > other place`. */
  readonly clashes: readonly string[];
  /** Places as `kind key`. */
  readonly places: readonly string[];
}

export function contentsOf(parts: readonly Part[], cap = 1024, complete = true): Read {
  const contents = new Contents(cap);
  const entries: Entry[] = [];
  const wanted: string[] = [];
  const reader = new TarReader(
    {
      entry(one) {
        entries.push(one);
        const wants = contents.add(one);
        if (wants) wanted.push(one.path);
        return wants;
      },
      body: (_entry, piece) => contents.body(piece),
      anomaly: () => undefined,
    },
    DEFAULT_LIMITS,
  );
  reader.push(archive(parts, end()));
  reader.end();
  contents.end(complete);
  const { files } = contents.tree;
  return {
    contents,
    entries,
    wanted,
    clashes: files.clashes.map(
      ({ kind, entry: one, key, other }) =>
        `${kind} ${one.path} at ${key} > ${other.kind} ${other.key} of ${other.entry.path}`,
    ),
    places: [...files.places].map(([key, { kind }]) => `${kind} ${key}`),
  };
}

export const file = (name: string, body = ''): Buffer => entry({ name: `package/${name}`, body });
export const folder = (name: string): Buffer => entry({ name: `package/${name}/`, typeflag: '5' });
export const symlink = (name: string, linkname = 'x'): Buffer =>
  entry({ name: `package/${name}`, typeflag: '2', linkname });
