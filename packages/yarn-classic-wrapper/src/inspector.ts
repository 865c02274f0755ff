/**
 * The only file that knows the core: built as a file of its own, `inspector.cjs`, which is loaded when Yarn fetches
 * something or is about to use its cache, and not before.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import type { Verdict } from '@tarwarden/core';
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
  type ProjectFolders,
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
  readKept,
  withoutFirst,
  type Accepted,
} from './kept.ts';
import { leavingEntry } from './leaving-links.ts';
import type { Remembered } from './built-files.ts';
import { climbing, leaving } from './refusals.ts';
import type { Request } from './requests.ts';

/** How a tar of git is unpacked: as it is, or without its first folder, as Yarn packs what it has prepared. */
export type GitLayout = 'whole' | 'first-folder';

/** Unpacked tarballs that are handed on without being inflated again, in bytes. */
const KEPT_MAX = 64 * 1024 * 1024;
/** Under which the note of a folder is remembered. */
const LINK = 'yarn-classic-folder:';

export class YarnInspector {
  /** What a person should know of the policy. One line each, escaped. */
  readonly warnings: readonly string[];
  readonly #inspector: Inspector;
  /** By the folder of the cache that is made of them. */
  readonly #accepted = new Map<string, Accepted>();
  /** Digests of the manifests that Yarn wrote, by the same. */
  readonly #manifests = new Map<string, string>();

  /** Reads the policy files. Throws what `loadPolicy` throws. */
  constructor(scope: PolicyScope, refuse: InspectorOptions['refuse']) {
    ({ inspector: this.#inspector, warnings: this.warnings } = openInspector(scope, refuse));
  }

  /** What was remembered in earlier runs, by name. */
  get remembered(): Remembered {
    return this.#inspector.store;
  }

  /** Bytes past this are refused unread. */
  get maxBytes(): number {
    return tarballBytesMax(this.#inspector.policy.limits);
  }

  /** The refusal of what is longer than that. */
  tooLarge(subject: Subject): Error {
    const why = `it is longer than ${this.maxBytes} bytes`;
    return this.#inspector.uninspected(subject, why, { remedy: TOO_LARGE_REMEDY });
  }

  /**
   * What a tarball unpacks to, once it is accepted. Of one without findings, the very tar that was inspected. `otherwise`
   * is Yarn's own decoder, for what only report mode lets pass.
   * @throws the refusal.
   */
  async tarball(
    bytes: Buffer,
    { subject, request, folder }: Inspected,
    otherwise: () => NodeJS.ReadWriteStream,
  ): Promise<Readable> {
    const { verdict, tar } = await this.#inspectTarball(bytes, subject, request);
    this.#accepted.set(folder, { ...hashesOf(bytes), git: false });
    if (tar !== undefined) return Readable.from([tar], { objectMode: false });
    const decoder = (verdict.status === 'accept' ? createGunzip() : otherwise()) as Readable &
      NodeJS.WritableStream;
    decoder.end(bytes);
    return decoder;
  }

  /**
   * Accepts a tar of git, and says how it is to be unpacked.
   * @throws the refusal.
   */
  async gitTar(
    bytes: Buffer,
    { subject, folder }: Inspected,
    mayBePacked: boolean,
  ): Promise<GitLayout> {
    const { whole } = await this.#inspectGitTar(bytes, subject, mayBePacked);
    this.#accepted.set(folder, { ...hashesOf(bytes), git: true });
    return whole ? 'whole' : 'first-folder';
  }

  /** Remembers a folder that was just unpacked from what was accepted, with the manifest that Yarn has made of it. */
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

  /** Whether a manifest beside a package was made by Yarn: one that came with a package or a cache may say anything. */
  wrote(folder: string, manifest: unknown): boolean {
    return this.#manifests.get(folder) === manifestDigest(manifest);
  }

  /**
   * Whether a folder of the cache may be used as it is: it holds what its tarball unpacks to, and that is accepted, and is
   * what was promised. Otherwise Yarn fetches it again.
   * @throws the refusal, where the tarball is rejected.
   */
  async cached({ subject, request, folder }: Inspected): Promise<boolean> {
    const type = request?.remote.type ?? 'tarball';
    if (type !== 'tarball' && type !== 'git' && type !== 'copy') return false;
    const note = noteOf(folder);
    if (note === undefined) return false;
    const known = this.#known(folder, note, type === 'git');
    if (known !== undefined) {
      if (known.manifest !== undefined) this.#manifests.set(folder, known.manifest);
      // An exception that lets it pass is shown each time, so its verdict is made anew.
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

  async #readCached({ subject, request, folder }: Inspected, git: boolean): Promise<boolean> {
    const bytes = readKept(join(folder, TARBALL), this.maxBytes);
    // What Yarn wrote in its place is not believed.
    if (bytes === undefined || !existsSync(join(folder, 'package.json'))) return false;
    const hashes = { ...hashesOf(bytes), git };
    if (!git && !isPromised(hashes, request, bytes)) return false;
    const { verdict, archive, whole } = git
      ? await this.#inspectGitTar(bytes, subject, true)
      : { ...(await this.#inspectTarball(bytes, subject, request)), archive: bytes, whole: false };
    // Only report mode gets here; Yarn takes it as it always did.
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
    request: Request | undefined,
  ): Promise<{ verdict: Verdict; tar?: Uint8Array }> {
    const integrity = integrityOf(bytes);
    const sha512 = sha512Of(integrity)!;
    const expected = request?.expected;
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

  /** Not remembered: the same bytes are another package to whoever takes them for a tarball. */
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

  /** The refusal of a folder that is to become a package, for what leads out of it and what it was made of; undefined where nothing does. */
  leaving(folder: string, copiedFrom: string, subject: Subject): Error | undefined {
    const entry = leavingEntry(
      folder,
      (path) => isWithin(folder, path) || isWithin(copiedFrom, path),
    );
    return entry && this.#inspector.refused(leaving(entry, subject), { subject });
  }

  /** The refusal of a package whose name or version is no name of a folder; undefined where both are. */
  climbing(
    subject: Subject,
    name: string | undefined,
    version: string | undefined,
  ): Error | undefined {
    const refused = climbing(subject, name, version);
    return refused && this.#inspector.refused(refused, { subject });
  }

  /** A link out of the project that Yarn would write through, if it may be the repository's. Its name is escaped. */
  linkOut(project: ProjectFolders): ProjectLink | undefined {
    const link = projectLink(project);
    return link && { ...link, name: printable(link.name) };
  }

  /** Whether a path stays below a folder, links followed as far as it exists. */
  staysIn(folder: string, path: string): boolean {
    return isWithin(realAsFar(folder), realAsFar(path));
  }
}

export interface Inspected {
  readonly subject: Subject;
  readonly request: Request | undefined;
  /** Of the cache. */
  readonly folder: string;
}
