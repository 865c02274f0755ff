import { Typeflag, type Entry } from '../../containers/entry.ts';
import type { ManifestFacts } from '../../finding/verdict.ts';
import { Body } from '../../tree/body.ts';
import { packagePath } from '../../tree/package-path.ts';
import type { PackageTree } from '../../tree/tree.ts';
import type { Metadata } from '../metadata.ts';
import { isSamePypiVersion, pypiNameKey } from './identity.ts';
import { readPkgInfo, type PkgInfo } from './pkg-info.ts';
import { isNamedAfter, readingsOf, sdistStem } from './sdist-name.ts';

const PKG_INFO = 'PKG-INFO';

/** What an sdist says of itself: the PKG-INFO in its first folder. */
export class SdistPackage implements Metadata {
  readonly tree: PackageTree;
  /** Entries that are, after stripping the first folder, PKG-INFO itself. */
  readonly pkgInfoEntries: Entry[] = [];
  /** Bytes up to which a PKG-INFO is read. */
  readonly pkgInfoCap: number;
  /** The last regular PKG-INFO, which is what lies there when all is unpacked. */
  pkgInfo: PkgInfo | undefined;

  #body: Body | undefined;

  constructor(tree: PackageTree, pkgInfoCap: number) {
    this.tree = tree;
    this.pkgInfoCap = pkgInfoCap;
  }

  get claimed(): ManifestFacts | undefined {
    return this.pkgInfo?.ok ? this.pkgInfo : undefined;
  }

  /** The folder that PKG-INFO is in; empty where there is none. */
  get folder(): string {
    const entry = this.pkgInfoEntries.at(-1);
    return entry === undefined ? '' : packagePath(entry, false).top;
  }

  /** Whether PKG-INFO has this name, by any spelling (PEP 503). */
  isNamed(name: string): boolean {
    return this.pkgInfo?.ok === true && pypiNameKey(this.pkgInfo.name) === pypiNameKey(name);
  }

  /** Whether PKG-INFO has this version, by any spelling (PEP 440). */
  isVersion(version: string): boolean {
    return this.pkgInfo?.ok === true && isSamePypiVersion(this.pkgInfo.version, version);
  }

  /** Whether the folder is named after what PKG-INFO says. */
  get isOwnFolder(): boolean {
    return this.pkgInfo?.ok === true && isNamedAfter(this.folder, this.pkgInfo);
  }

  /** Whether a file with this name may hold it: it is named after what PKG-INFO says, or after no project and version at all. */
  fitsFile(fileName: string): boolean {
    const stem = sdistStem(fileName);
    if (stem === undefined || readingsOf(stem).length === 0) return true;
    return this.pkgInfo?.ok === true && isNamedAfter(stem, this.pkgInfo);
  }

  bodyFor(entry: Entry, key: string): Body | undefined {
    if (key !== PKG_INFO) return undefined;
    this.pkgInfoEntries.push(entry);
    if (entry.typeflag !== Typeflag.File || entry.size > this.pkgInfoCap) return undefined;
    return (this.#body = new Body(entry));
  }

  end(): void {
    const bytes = this.#body?.whole();
    if (bytes !== undefined) this.pkgInfo = readPkgInfo(bytes);
  }
}
