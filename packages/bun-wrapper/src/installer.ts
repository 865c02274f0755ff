/* Inspects the packages for one folder, and puts them where bun looks for them. */
import { lstatSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { Verdict } from '@tarwarden/core';
import { MAX_ARCHIVE_FILE_BYTES } from '@tarwarden/core/limits';
import { printable } from '@tarwarden/core/text';
import { PackageRefusal } from '@tarwarden/guard/kit';
import {
  collisionFree,
  guard,
  hasIntegrity,
  integrityOf,
  isWhole,
  isWithin,
  leavingEntry,
  readBounded,
  refuseUninspected,
  sha512Of,
  weigh,
  type Decision,
  type GuardState,
  type Refusal,
  type Subject,
} from '@tarwarden/guard';
import type { Registries } from '@tarwarden/clients/settings';
import { cacheNames } from './cache-names.ts';
import { download } from './download.ts';
import { isForeign, wordsAbout, type BunLockfile } from './locked.ts';
import { isLocal, localProblem, OwnNames, type NamedWords } from './local-dependencies.ts';
import { originOf, type AskedPackage, type Platform } from './question.ts';
import type { RunCache } from './run-cache.ts';
import type { TreeStore } from './tree-store.ts';
import type { Unpackers } from './unpackers.ts';

export interface BunGuardOptions {
  /** Folder of the project whose policy counts; absent if only the user's own policy counts. */
  readonly project: string | undefined;
  /** Root of the project whose bunfig.toml applies to everything that bun starts; absent if each folder has its own. */
  readonly settingsOf?: string | undefined;
  /** Whether that file has settings. */
  readonly hasSettings?: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly cache: RunCache;
  readonly trees: TreeStore;
  readonly unpackers: Unpackers;
  readonly offline: boolean;
  /** The registry in the command line, which overrides all settings. */
  readonly registry?: string | undefined;
  /** The authorities in the command line, as PEM texts. If set, bun trusts no others. */
  readonly authorities?: readonly string[] | undefined;
  /** Whether bun may install packages for other platforms than its own. */
  readonly otherPlatforms: boolean;
  /** The words of the command line, and its folder. Absent if scripts may call bun with other words. */
  readonly named?: NamedWords | undefined;
}

/** The packages that passed in this run, and the refusals. */
interface InstallRecord {
  /** SHA-512, in hex, of the archives that passed, by name and version, URL or path. */
  readonly passed: Map<string, Set<string>>;
  /** Whether an archive passed in this run, by the hash in the name of its folder. */
  hasPassed(folder: string): boolean;
  /** Keeps a refusal, and makes the error for it. */
  keep(refusal: Refusal): PackageRefusal;
}

export interface InstallerOptions extends BunGuardOptions {
  readonly cwd: string;
  readonly state: GuardState;
  readonly locked: BunLockfile;
  /** Absent if packages of every platform may be installed. */
  readonly platform: Platform | undefined;
  readonly registries: Registries;
}

export class Installer {
  readonly #record: InstallRecord;
  readonly #options: InstallerOptions;
  #loadedNames: OwnNames | undefined;
  /** Accepted packages, by the folder with their files. */
  readonly #trees = new Map<string, Subject>();

  constructor(record: InstallRecord, options: InstallerOptions) {
    this.#record = record;
    this.#options = options;
  }

  /** Inspects a package, and keeps the refusal if it may not be installed. */
  async inspect(askedPackage: AskedPackage): Promise<void> {
    const subject = {
      label: `${askedPackage.name}@${askedPackage.version}`,
      source: askedPackage.tarball || undefined,
    };
    try {
      await this.#inspect(askedPackage, subject);
    } catch (error) {
      if (error instanceof PackageRefusal) return;
      this.#refuse(subject, 'its bytes could not be had', error);
    }
  }

  async #inspect(askedPackage: AskedPackage, subject: Subject): Promise<void> {
    const origin = originOf(askedPackage);
    const { locked } = this.#options;
    switch (origin?.type) {
      case 'registry':
        return this.#registry(
          askedPackage,
          { ...subject, ...wordsAbout(askedPackage, locked) },
          origin.url,
        );
      case 'url':
      case 'file':
        return this.#archive(askedPackage, subject);
      case 'folder':
        return this.#folder(resolve(this.#options.cwd, origin.path), subject);
      // Checkouts are inspected in bun's cache. A link leads to a folder that the user has registered.
      case 'repository':
      case 'link':
        return;
      case undefined:
        throw this.#refuse(subject, 'it is not known what bun would install for it');
    }
  }

  async #registry(askedPackage: AskedPackage, subject: Subject, url: string): Promise<void> {
    const { trees, state } = this.#options;
    const { name, version } = askedPackage;
    const expected = { name, version };
    const names = this.#cacheNames(askedPackage, url);
    if (this.#isForeign(askedPackage) && this.#options.cache.standIn(names, name)) return;
    const promised = this.#promised(askedPackage, subject);
    const promisedSha512 = sha512Of(promised);
    const remembered =
      promisedSha512 !== undefined && state.store.get({ integrity: promised!, expected });
    let sha512 =
      remembered && trees.find(promisedSha512!) !== undefined ? promisedSha512 : undefined;
    if (remembered && sha512 !== undefined) {
      this.#verdict(await weigh(remembered, subject, state, { remembered: true }));
      this.#passed(`${name}@${version}`, sha512);
    }
    sha512 ??= await this.#fetched(askedPackage, subject, { url, promised });
    this.#place(names, this.#treeOf(sha512, subject), subject);
  }

  #cacheNames({ name, version }: AskedPackage, url: string): string[] {
    const { registry, registries } = this.#options;
    const registryUrls = [registryOf(url, name), registry, registries.registryOf(name)];
    return cacheNames(
      name,
      version,
      registryUrls.filter((registry) => registry !== undefined),
    );
  }

  /** Whether a package is for another platform. bun asks about such packages, but does not fetch or install them. */
  #isForeign({ name, version }: AskedPackage): boolean {
    const { locked, platform } = this.#options;
    return platform !== undefined && isForeign(locked, `${name}@${version}`, platform);
  }

  /** Refuses a package that is not in bun's cache, because bun would unpack a new download by itself. Report mode only reports it. */
  #place(names: readonly string[], tree: string | undefined, subject: Subject): void {
    const { cache, state } = this.#options;
    const missing = names.filter((name) => tree === undefined || !cache.place(name, tree));
    if (missing.length === 0) return;
    if (state.mode !== 'report')
      throw this.#refuse(
        subject,
        tree === undefined
          ? 'the guard could not unpack it, and bun would fetch it anew and unpack it by itself. Either the disk is full, or it is not one set of plain files: then no exception lets it pass with bun'
          : `bun would not find what the guard unpacked, and would fetch it anew: ${printable(missing[0]!, 200)} cannot be put into its cache`,
      );
    for (const name of missing) cache.excuse(name);
  }

  /** The SHA-512 of a package that was fetched and accepted. */
  async #fetched(
    { name, version }: AskedPackage,
    subject: Subject,
    { url, promised }: { readonly url: string; readonly promised: string | undefined },
  ): Promise<string> {
    if (this.#options.offline)
      throw this.#refuse(
        subject,
        'it is not among what the guard has unpacked, and --offline forbids to fetch it',
      );
    const bytes = await this.#download({ url, name }, promised);
    return this.#bytes(bytes, subject, {
      key: `${name}@${version}`,
      expected: { name, version },
      // `download` has compared them.
      checked: sha512Of(promised) === undefined ? undefined : collisionFree(promised),
    });
  }

  /** Downloads an archive that has the promised integrity, or that is at least undamaged if none is promised. */
  #download(
    archive: { url: string; name?: string },
    promised: string | undefined,
  ): Promise<Buffer> {
    const settings = this.#options.registries.settingsFor(archive.url);
    const check = promised === undefined ? { isWhole } : { integrity: promised };
    return download({ ...archive, ...check, settings }, this.#options);
  }

  async #archive(askedPackage: AskedPackage, subject: Subject): Promise<void> {
    const { tarball, name } = askedPackage;
    const promised = this.#promised(askedPackage, subject);
    const isHttp = /^https?:\/\//i.test(tarball);
    if (isHttp && this.#options.offline)
      throw this.#refuse(
        subject,
        'an archive by address has to be fetched, which --offline forbids',
      );
    const candidates = isHttp
      ? [await this.#download({ url: tarball }, promised)]
      : this.#ownNames.archivePaths(tarball).map(readArchive);
    const matching = candidates.filter(
      (bytes) => promised === undefined || hasIntegrity(bytes, promised),
    );
    if (matching.length === 0)
      throw this.#refuse(subject, `its bytes do not have the integrity ${printable(promised!)}`);
    for (const bytes of matching)
      // oxlint-disable-next-line no-await-in-loop
      await this.#bytes(bytes, subject, { key: `${name}@${askedPackage.version}`, expected: {} });
  }

  async #bytes(
    bytes: Uint8Array,
    subject: Subject,
    {
      key,
      expected,
      checked,
    }: {
      readonly key: string;
      readonly expected: { name?: string; version?: string };
      /** The SHA-512 of these bytes, if it was computed before. */
      readonly checked?: string | undefined;
    },
  ): Promise<string> {
    const { state, trees, unpackers } = this.#options;
    const integrity = checked ?? integrityOf(bytes);
    const sha512 = sha512Of(integrity)!;
    const { policy } = state;
    const add = () => unpackers.add(bytes, sha512, { expected, policy });
    const archive = { subject, integrity, inspectedAs: { expected }, inspect: add };
    const verdict = this.#verdict(await guard(archive, state));
    if (verdict.status === 'accept' && trees.find(sha512) === undefined) await add();
    this.#passed(key, sha512);
    this.#treeOf(sha512, subject);
    return sha512;
  }

  #passed(key: string, sha512: string): void {
    const { passed } = this.#record;
    passed.set(key, (passed.get(key) ?? new Set()).add(sha512));
  }

  #promised({ name, version }: AskedPackage, subject: Subject): string | undefined {
    const integrities = new Set(this.#options.locked.integrities.get(`${name}@${version}`));
    if (integrities.size > 1)
      throw this.#refuse(subject, 'bun.lock has several integrities for it');
    return [...integrities][0];
  }

  #folder(folder: string, subject: Subject): void {
    // A registry package can name such a path: `file:./folder`. bun installs nothing for it. Later files there are inspected files.
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return;
    // bun copies no absolute link as it is.
    const isInside = (path: string, target: string): boolean =>
      !isAbsolute(target) && isWithin(folder, path);
    const entry = leavingEntry(folder, { isInside, skipped: ['node_modules', '.git'] });
    if (entry === undefined) return;
    const kindText =
      entry.target === undefined
        ? 'neither a file nor a folder nor a link'
        : `a link to ${entry.target}`;
    throw this.#refuse(subject, `${printable(entry.name)} in it is ${printable(kindText)}`);
  }

  /** Inspects the folders that bun unpacked before it asked the scanner: archives from a URL or path, and checkouts. */
  inspectUnpacked(): void {
    const { cache } = this.#options;
    for (const folder of cache.checkouts()) this.#folder(folder, this.#labelled(folder));
    const strangers = cache
      .unpacked()
      .filter((name) => name.startsWith('@T@') && !this.#record.hasPassed(name));
    if (strangers.length > 0)
      throw this.#refuse(
        { label: strangers[0]! },
        'bun has unpacked other bytes than those that were inspected',
      );
  }

  #treeOf(sha512: string, subject: Subject): string | undefined {
    const tree = this.#options.trees.find(sha512);
    if (tree !== undefined) this.#trees.set(tree, subject);
    return tree;
  }

  get #ownNames(): OwnNames {
    const { cwd, named: namedWords = { cwd, words: [] } } = this.#options;
    return (this.#loadedNames ??= new OwnNames(cwd, namedWords));
  }

  /** Refuses packages that depend on a folder or file of this machine and are not the user's own. */
  refuseLocal(askedPackages: readonly AskedPackage[]): void {
    const { locked, named: namedWords, cache } = this.#options;
    const checkouts = cache.checkouts().map((path) => [path, this.#labelled(path)] as const);
    const packages = [...this.#trees, ...checkouts];
    const suspects = { packages, lockfile: locked.text, knowsAll: namedWords !== undefined };
    for (const askedPackage of askedPackages.filter(isLocal)) {
      const dependent = localProblem(askedPackage, this.#ownNames, suspects);
      if (dependent === undefined) continue;
      const { why, remedy } = dependent.problem;
      this.#record.keep(refuseUninspected(dependent.subject, why, this.#options.state, { remedy }));
    }
  }

  #labelled(path: string): Subject {
    return { label: path.slice(this.#options.cache.folder.length + 1) };
  }

  #refuse(subject: Subject, why: string, cause?: unknown): Error {
    return this.#record.keep(refuseUninspected(subject, why, this.#options.state, { cause }));
  }

  #verdict({ verdict, refusal }: Decision): Verdict {
    if (refusal !== undefined) throw this.#record.keep(refusal);
    return verdict;
  }
}

function readArchive(path: string): Buffer {
  const { bytes } = readBounded(path, { bytesMax: MAX_ARCHIVE_FILE_BYTES, follow: true });
  if (bytes === undefined) throw new Error('it is not a file, or too large');
  return bytes;
}

/** The registry in the URL of a tarball, with a slash at the end; undefined if the URL does not show it. */
function registryOf(url: string, name: string): string | undefined {
  const at = url.indexOf(`/${name}/-/`);
  return at < 0 ? undefined : url.slice(0, at + 1);
}
