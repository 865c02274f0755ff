import type { Entry } from '../containers/entry.ts';
import { Typeflag } from '../containers/entry.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import { MANIFEST_BYTES_PER_VALUE, MAX_MANIFEST_VALUES, MAX_SHRINKWRAP_BYTES } from '../limits.ts';
import { Body } from '../tree/body.ts';
import type { PackageTree } from '../tree/tree.ts';
import { binsOf, type Bin } from './bins.ts';
import { hasMoreValues } from './json-values.ts';
import { parseManifest, type PackageJson } from './manifest.ts';
import type { Metadata } from './metadata.ts';
import { runAs, type OddlyExecutable } from './oddly-executable.ts';
import { isShrinkwrap } from './shrinkwrap.ts';

const MANIFEST = 'package.json';

/** The metadata of a package for npm, pnpm and Yarn: package.json and npm-shrinkwrap.json. */
export class NpmPackage implements Metadata {
  readonly tree: PackageTree;
  /** Entries that are, after stripping the first folder, package.json itself. */
  readonly manifestEntries: Entry[] = [];
  /** The last regular package.json, which every manager takes. */
  manifest: PackageJson | undefined;
  /** A package.json with more bytes is not read. */
  readonly manifestCap: number;
  /** A package.json with more values is not read. */
  readonly manifestValues: number;
  /** The last package.json has too many values, and was not read. */
  manifestCrowded: boolean = false;
  /** The last npm-shrinkwrap.json, without bytes if it is too long to be read. */
  shrinkwrap: { readonly entry: Entry; readonly bytes?: Buffer } | undefined;

  #bins: readonly Bin[] | undefined;
  #oddlyExecutable: readonly OddlyExecutable[] | undefined;
  #manifestBody: Body | undefined;
  #shrinkwrapBody: Body | undefined;

  constructor(tree: PackageTree, manifestCap: number) {
    this.tree = tree;
    this.manifestCap = manifestCap;
    this.manifestValues = Math.max(
      MAX_MANIFEST_VALUES,
      Math.ceil(manifestCap / MANIFEST_BYTES_PER_VALUE),
    );
  }

  get claimed(): ManifestFacts | undefined {
    return this.manifest?.ok ? this.manifest : undefined;
  }

  bodyFor(entry: Entry, key: string): Body | undefined {
    if (key === MANIFEST) {
      this.manifestEntries.push(entry);
      if (entry.typeflag !== Typeflag.File || entry.size > this.manifestCap) return undefined;
      return (this.#manifestBody = new Body(entry));
    }
    if (!isShrinkwrap(key) || entry.typeflag !== Typeflag.File) return undefined;
    this.shrinkwrap = { entry };
    this.#shrinkwrapBody = entry.size > MAX_SHRINKWRAP_BYTES ? undefined : new Body(entry);
    return this.#shrinkwrapBody;
  }

  end(): void {
    this.#readManifest();
    this.#readShrinkwrap();
  }

  /** The commands of the manifest, looked up once for all rules. Use it only after the last entry. */
  get bins(): readonly Bin[] {
    return (this.#bins ??= binsOf(this.manifest, this.tree.files));
  }

  /** Files that others may run and their owner may not, and how they are run. Use it only after the last entry. */
  get oddlyExecutable(): readonly OddlyExecutable[] {
    if (this.tree.unowned.length === 0) return [];
    return (this.#oddlyExecutable ??= runAs(this.tree.unowned, this));
  }

  // Parse once, at the end: only the last package.json is installed, and an archive may have many.
  #readManifest(): void {
    const bytes = this.#manifestBody?.whole();
    if (bytes === undefined) return;
    this.manifestCrowded = hasMoreValues(bytes, this.manifestValues);
    if (!this.manifestCrowded) this.manifest = parseManifest(bytes);
  }

  #readShrinkwrap(): void {
    const body = this.#shrinkwrapBody;
    if (body === undefined) return;
    const bytes = body.whole();
    // Without bytes the archive is truncated, which another rule reports.
    this.shrinkwrap = bytes === undefined ? undefined : { entry: body.entry, bytes };
  }
}
