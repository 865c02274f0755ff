import { Typeflag, type Entry } from '../../containers/entry.ts';
import type { IndexStatements } from '../index-claim.ts';
import type { ManifestFacts } from '../../finding/verdict.ts';
import { quote } from '../../text/printable.ts';
import { Body } from '../../tree/body.ts';
import { packagePath } from '../../tree/package-path.ts';
import type { PackageTree } from '../../tree/tree.ts';
import type { Metadata } from '../metadata.ts';
import { isSamePypiVersion, pypiNameKey, pypiVersionKey } from './identity.ts';
import { sdistStatements } from './requirements.ts';
import { readPkgInfo, type PkgInfo } from './pkg-info.ts';

/** Hyphens at which a name is cut into name and version. The longest real names have six. */
const MAX_CUTS = 50;

/** The project and version after which a file or folder is named. */
interface NamedRelease {
  readonly name: string;
  readonly version: string;
}

/** The name of a file without the ending of an sdist. Undefined if it has no such ending. */
function sdistStem(fileName: string): string | undefined {
  return /^(.+)\.(?:tar\.gz|tgz|zip|tar)$/i.exec(fileName)?.[1];
}

/** Every way to read `name-version`, since both could have hyphens before PEP 625. Empty for a text without this form. */
function readingsOf(stem: string): NamedRelease[] {
  const readings: NamedRelease[] = [];
  for (let at = stem.indexOf('-'); at >= 0; at = stem.indexOf('-', at + 1)) {
    const [name, version] = [stem.slice(0, at), stem.slice(at + 1)];
    if (pypiVersionKey(version) !== undefined) readings.push({ name, version });
    if (readings.length === MAX_CUTS) break;
  }
  return readings;
}

/** Whether a file or folder may be named after a project and a version, in any spelling. */
function isNamedAfter(stem: string, { name, version }: NamedRelease): boolean {
  const nameKey = pypiNameKey(name);
  const readings = [...readingsOf(stem), literal(stem, version)];
  return readings.some(
    (reading) =>
      pypiNameKey(reading.name) === nameKey && isSamePypiVersion(reading.version, version),
  );
}

/** A reading for a version that is not valid in PEP 440: the name has to end with its exact text. */
function literal(stem: string, version: string): NamedRelease {
  const name = stem.endsWith(`-${version}`) ? stem.slice(0, -version.length - 1) : '';
  return { name, version };
}

const PKG_INFO = 'PKG-INFO';

/** The metadata of an sdist: the PKG-INFO in its first folder. */
export class SdistPackage implements Metadata {
  readonly tree: PackageTree;
  /** Entries that are, after stripping the first folder, PKG-INFO itself. */
  readonly pkgInfoEntries: Entry[] = [];
  /** A PKG-INFO with more bytes is not read. */
  readonly pkgInfoCap: number;
  /** The last regular PKG-INFO, which is on the disk after unpacking. */
  pkgInfo: PkgInfo | undefined;
  #declares: IndexStatements | undefined;

  #body: Body | undefined;

  constructor(tree: PackageTree, pkgInfoCap: number) {
    this.tree = tree;
    this.pkgInfoCap = pkgInfoCap;
  }

  get claimed(): ManifestFacts | undefined {
    if (!this.pkgInfo?.ok) return undefined;
    const { name, version } = this.pkgInfo;
    return { name, version, ...(this.#declares !== undefined && { declares: this.#declares }) };
  }

  /** The folder of PKG-INFO. Empty if there is no PKG-INFO. */
  get folder(): string {
    const entry = this.pkgInfoEntries.at(-1);
    return entry === undefined ? '' : packagePath(entry, false).top;
  }

  /** The first requirement that does not come from an index, in words. */
  get outsideDependencies(): readonly { readonly detail: string; readonly entry?: Entry }[] {
    const elsewhere = this.pkgInfo?.ok === true ? this.pkgInfo.elsewhere : undefined;
    if (elsewhere === undefined) return [];
    const entry = this.pkgInfoEntries.at(-1);
    return [{ detail: `it requires ${quote(elsewhere)}`, ...(entry && { entry }) }];
  }

  /** Whether the folder is named after the project and version in PKG-INFO. */
  get isOwnFolder(): boolean {
    return this.pkgInfo?.ok === true && isNamedAfter(this.folder, this.pkgInfo);
  }

  /** Whether a file with this name may contain the package: its name has the identity in PKG-INFO, or no name and version at all. */
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
    if (bytes === undefined) return;
    this.pkgInfo = readPkgInfo(bytes);
    const declares = sdistStatements(bytes);
    if (Object.keys(declares).length > 0) this.#declares = declares;
  }
}
