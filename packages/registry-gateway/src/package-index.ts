/* What is known of the versions of packages: of public and of private ones, and nothing of who asked. */

export interface VersionEntry {
  readonly name: string;
  readonly version: string;
  /** Address at the upstream, as its packument has it. */
  readonly tarball: string;
  /** Subresource Integrity, as the packument has it. */
  readonly integrity?: string;
}

/** Versions of all packages that are kept: some 250 bytes each. */
const VERSIONS_MAX = 200_000;

interface Indexed {
  readonly byFile: ReadonlyMap<string, VersionEntry>;
  readonly count: number;
}

/** The packages that were asked for last. */
export class PackageIndex {
  readonly #packages = new Map<string, Indexed>();
  #versions = 0;

  set(name: string, entries: readonly (readonly [file: string, entry: VersionEntry])[]): void {
    this.delete(name);
    // The first of two that have the same file name is the conventional one.
    const byFile = new Map([...entries].reverse());
    this.#packages.set(name, { byFile, count: entries.length });
    this.#versions += entries.length;
    for (const oldest of this.#packages.keys()) {
      if (this.#versions <= VERSIONS_MAX || oldest === name) break;
      this.delete(oldest);
    }
  }

  find(name: string, file: string): VersionEntry | undefined {
    const found = this.#packages.get(name);
    if (found === undefined) return undefined;
    this.#packages.delete(name);
    this.#packages.set(name, found);
    return found.byFile.get(file);
  }

  delete(name: string): void {
    this.#versions -= this.#packages.get(name)?.count ?? 0;
    this.#packages.delete(name);
  }
}
