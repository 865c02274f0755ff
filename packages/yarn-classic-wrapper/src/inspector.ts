/**
 * The only file that imports the core. It is built as `inspector.cjs`, which the guard loads when Yarn fetches a package or is about to
 * use its cache.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import type { ExpectedPackage, Verdict } from '@tarwarden/core';
import { gitTar, inspectAs, inspectKeeping, npmTarball } from '@tarwarden/core/npm';
import { tarballBytesMax } from '@tarwarden/core/limits';
import { claimedPackage } from '@tarwarden/core/policy';
import { printable } from '@tarwarden/core/text';
import { openInspector, type PolicyScope } from '@tarwarden/guarded-run/kit';
import {
  folderDifference,
  type Inspector,
  type InspectorOptions,
  integrityOf,
  isWithin,
  projectLink,
  type ProjectLink,
  realAsFar,
  sha512Of,
  type Subject,
  TOO_LARGE_REMEDY,
} from '@tarwarden/host';
import { noteOf, TARBALL, METADATA } from './folder-note.ts';
import {
  hashesOf,
  isPromised,
  keptManifest,
  manifestDigest,
  packedBy,
  parseNoted,
  readKeptFile,
  withoutFirst,
  type AcceptedBytes,
} from './kept.ts';
import { leavingEntry } from './refusals.ts';
import type { RememberedNotes } from './built-files.ts';
import { climbing, leaving } from './refusals.ts';
import type { CacheRequest } from './requests.ts';

/** How to unpack a tar of git: with all folders, or without the first folder, which Yarn adds when it packs a prepared package. */
export type GitLayout = 'whole' | 'first-folder';

/** The longest inspected tar that is kept for Yarn, so that it is not inflated again. Bytes. */
const KEPT_MAX = 64 * 1024 * 1024;
/** Prefix of the name under which the note of a folder is remembered. */
const LINK = 'yarn-classic-folder:';

export class YarnInspector {
  /** Notes on the policy for a person, one line each, escaped. */
  readonly warnings: readonly string[];
  readonly #inspector: Inspector;
  /** Accepted bytes by their folder of the cache. */
  readonly #accepted = new Map<string, AcceptedBytes>();
  /** Digests of the manifests that Yarn wrote, by the folder of the cache. */
  readonly #manifests = new Map<string, string>();

  constructor(scope: PolicyScope, refuse: InspectorOptions['refuse']) {
    ({ inspector: this.#inspector, warnings: this.warnings } = openInspector(scope, refuse));
  }

  /** Notes of earlier runs, by name. */
  get remembered(): RememberedNotes {
    return this.#inspector.store;
  }

  /** The longest archive that is read to its end. Longer ones are refused. */
  get maxBytes(): number {
    return tarballBytesMax(this.#inspector.policy.limits);
  }

  /** The refusal of an archive that is longer than {@link maxBytes}. */
  tooLarge(subject: Subject): Error {
    const why = `it is longer than ${this.maxBytes} bytes`;
    return this.#inspector.uninspected(subject, why, { remedy: TOO_LARGE_REMEDY });
  }

  /**
   * The tar in an accepted tarball. If the tarball has no findings, this is the tar that was inspected. `otherwise` creates Yarn's own
   * decoder, for a rejected tarball in report mode.
   * @throws the refusal.
   */
  async tarball(
    bytes: Buffer,
    { subject, request, folder }: InspectedFolder,
    otherwise: () => NodeJS.ReadWriteStream,
  ): Promise<Readable> {
    const { verdict, tar } = await this.#inspectTarball(bytes, subject, request?.expected);
    this.#accepted.set(folder, { ...hashesOf(bytes), git: false });
    if (tar !== undefined) return Readable.from([tar], { objectMode: false });
    const decoder = (verdict.status === 'accept' ? createGunzip() : otherwise()) as Readable &
      NodeJS.WritableStream;
    decoder.end(bytes);
    return decoder;
  }

  /**
   * Accepts the tarball that Yarn is about to upload.
   * @throws the refusal.
   */
  async upload(bytes: Buffer, name: string, version: string): Promise<void> {
    const subject = { label: `${name}@${version}`, isUpload: true };
    await this.#inspectTarball(bytes, subject, { name, version });
  }

  /**
   * Accepts a tar of git, and returns how to unpack it.
   * @throws the refusal.
   */
  async gitTar(
    bytes: Buffer,
    { subject, folder }: InspectedFolder,
    mayBePacked: boolean,
  ): Promise<GitLayout> {
    const { whole } = await this.#inspectGitTar(bytes, subject, mayBePacked);
    this.#accepted.set(folder, { ...hashesOf(bytes), git: true });
    return whole ? 'whole' : 'first-folder';
  }

  /** Remembers a folder that was just unpacked from accepted bytes, and the manifest that Yarn has written beside it. */
  remember(folder: string): void {
    const manifest = keptManifest(folder);
    if (manifest !== undefined) this.#manifests.set(folder, manifest);
    this.#note(folder, manifest);
  }

  #note(folder: string, manifest?: string): void {
    const accepted = this.#accepted.get(folder);
    const note = accepted && noteOf(folder);
    if (note === undefined) return;
    const noted = { note, ...accepted, ...(manifest !== undefined && { manifest }) };
    this.#inspector.store.putLink(LINK + folder, JSON.stringify(noted));
  }

  /** Whether Yarn wrote this manifest while the guard watched. A manifest from a package or a foreign cache may say anything. */
  wrote(folder: string, manifest: unknown): boolean {
    return this.#manifests.get(folder) === manifestDigest(manifest);
  }

  /**
   * Whether Yarn may use a folder of its cache as it is. It may if the folder's tarball is accepted and has the promised integrity, and
   * the folder has the same files. Otherwise Yarn fetches the package again.
   * @throws the refusal, if the tarball is rejected.
   */
  async cached({ subject, request, folder }: InspectedFolder): Promise<boolean> {
    const type = request?.remote.type ?? 'tarball';
    if (type !== 'tarball' && type !== 'git' && type !== 'copy') return false;
    const note = noteOf(folder);
    if (note === undefined) return false;
    const known = this.#known(folder, note, type === 'git');
    if (known !== undefined) {
      if (known.manifest !== undefined) this.#manifests.set(folder, known.manifest);
      // Each run has to show the exceptions that let an archive pass, so it is inspected again.
      const { exceptions } = this.#inspector.policy;
      if (type === 'git' && exceptions.length === 0) return true;
      const expected = request?.expected;
      const key = { integrity: known.integrity, ...(expected && { expected }) };
      const verdict = this.#inspector.store.get(key);
      if (type !== 'git' && verdict !== undefined && isPromised(known, request)) {
        await this.#inspector.accepted(verdict, subject, true);
        return true;
      }
    }
    return this.#readCached({ subject, request, folder }, type === 'git');
  }

  #known(folder: string, note: string, git: boolean): ReturnType<typeof parseNoted> {
    const text = this.#inspector.store.getLink(LINK + folder);
    const known = text === undefined ? undefined : parseNoted(text);
    return known?.note === note && known.git === git ? known : undefined;
  }

  async #readCached({ subject, request, folder }: InspectedFolder, git: boolean): Promise<boolean> {
    const bytes = readKeptFile(join(folder, TARBALL), this.maxBytes);
    // Yarn wrote these files, but they may have changed since.
    if (bytes === undefined || !existsSync(join(folder, 'package.json'))) return false;
    const hashes = { ...hashesOf(bytes), git };
    if (!git && !isPromised(hashes, request, bytes)) return false;
    const { verdict, archive, whole } = git
      ? await this.#inspectGitTar(bytes, subject, true)
      : {
          ...(await this.#inspectTarball(bytes, subject, request?.expected)),
          archive: bytes,
          whole: false,
        };
    // Report mode lets a rejected archive pass. Yarn uses the folder as it is.
    if (verdict.status !== 'accept') return true;
    const difference = folderDifference(archive, folder, {
      format: whole ? gitTar : npmTarball,
      limits: this.#inspector.policy.limits,
      place: whole ? (path) => path : withoutFirst,
      besides: [METADATA, TARBALL],
      linksInside: '.bin',
    });
    if (difference !== undefined) {
      const name = printable(subject.label ?? folder, 512);
      const text = `tarwarden: Yarn's cache does not hold of ${name} what its tarball does (${difference}): it is fetched again\n`;
      process.stderr.write(text);
      return false;
    }
    this.#accepted.set(folder, hashes);
    this.#note(folder);
    return true;
  }

  async #inspectTarball(
    bytes: Buffer,
    subject: Subject,
    expected: ExpectedPackage | undefined,
  ): Promise<{ verdict: Verdict; tar?: Uint8Array }> {
    const integrity = integrityOf(bytes);
    const sha512 = sha512Of(integrity)!;
    let tar: Uint8Array | undefined;
    const verdict = await this.#inspector.inspect({
      subject,
      known: { integrity, ...(expected && { expected }) },
      run: () => {
        const kept = inspectKeeping(bytes, {
          ...(expected && { expected }),
          policy: this.#inspector.policy,
          room: (size) => (size > KEPT_MAX ? undefined : Buffer.allocUnsafeSlow(size)),
          sha512,
        });
        ({ tar } = kept);
        return kept.verdict;
      },
    });
    return { verdict, ...(tar !== undefined && { tar }) };
  }

  /** Does not remember the verdict, because the same bytes read as a tarball would be another package. */
  async #inspectGitTar(
    tar: Buffer,
    subject: Subject,
    mayBePacked: boolean,
  ): Promise<{ verdict: Verdict; archive: Buffer; whole: boolean }> {
    const archive = gzipSync(tar, { level: 0 });
    const { policy } = this.#inspector;
    let whole = true;
    const verdict = await this.#inspector.inspect({
      subject,
      run: () => {
        const asIs = inspectAs(gitTar, archive, { policy }) as Verdict;
        if (asIs.status === 'accept' || !mayBePacked) return asIs;
        const packed = inspectAs(npmTarball, archive, { policy: packedBy(policy) }) as Verdict;
        if (packed.status === 'reject' && claimedPackage(packed) === undefined) return asIs;
        whole = false;
        return packed;
      },
    });
    return { verdict, archive, whole };
  }

  /** The refusal of a folder with an entry that leads out of it and of the folder it was copied from. Undefined if there is none. */
  leaving(folder: string, copiedFrom: string, subject: Subject): Error | undefined {
    const entry = leavingEntry(
      folder,
      (path) => isWithin(folder, path) || isWithin(copiedFrom, path),
    );
    return entry && this.#inspector.refused(leaving(entry, subject), { subject });
  }

  /** The refusal of a package whose name or version leads out of node_modules. Undefined if both are fine. */
  climbing(
    subject: Subject,
    name: string | undefined,
    version: string | undefined,
  ): Error | undefined {
    const refused = climbing(subject, name, version);
    return refused && this.#inspector.refused(refused, { subject });
  }

  /** A link through which Yarn would write outside of the project, if the link may come from the repository. */
  linkOut(root: string, workspaces: readonly string[]): ProjectLink | undefined {
    return projectLink('yarn-classic', { root, folders: workspaces });
  }

  /** Whether a path stays below a folder, links followed as far as it exists. */
  staysIn(folder: string, path: string): boolean {
    return isWithin(realAsFar(folder), realAsFar(path));
  }
}

export interface InspectedFolder {
  readonly subject: Subject;
  readonly request: CacheRequest | undefined;
  readonly folder: string;
}
