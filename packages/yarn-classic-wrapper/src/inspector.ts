/**
 * The only file that imports the core. It is built as `inspector.cjs`, which the guard loads when Yarn fetches a package or is about to
 * use its cache.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import type { ExpectedPackage, Policy, Verdict } from '@tarwarden/core';
import { unsafeName, unsafePackageName } from '@tarwarden/core/metadata';
import { gitTar, inspectAs, inspectKeeping, npmTarball } from '@tarwarden/core/npm';
import { tarballBytesMax } from '@tarwarden/core/limits';
import { claimedPackage } from '@tarwarden/core/policy';
import { printable } from '@tarwarden/core/text';
import { openGuardFor, type PolicyScope } from '@tarwarden/guard/kit';
import {
  type Decision,
  guard,
  type GuardState,
  hasIntegrity,
  integrityOf,
  isWithin,
  type LeavingEntry,
  leavingEntry,
  notInspected,
  projectLink,
  type ProjectLink,
  readBounded,
  realAsFar,
  refuse,
  refuseUninspected,
  reportHeldExceptions,
  type Refusal,
  type Refused,
  sha512Of,
  type Subject,
  TOO_LARGE_REMEDY,
} from '@tarwarden/guard';
import type { CacheRequest } from './yarn.ts';

/** How to unpack a tar of git: with all folders, or without the first folder, which Yarn adds when it packs a prepared package. */
export type GitLayout = 'whole' | 'first-folder';

/** The longest inspected tar that is kept for Yarn, so that it is not inflated again. Bytes. */
const KEPT_MAX = 64 * 1024 * 1024;
/** Prefix of the name under which the SHA-512 (hex) of an accepted archive of git is remembered for its folder of the cache. */
const GIT_FOLDER = 'yarn-classic-git:';

/** Shows a refusal, and ends the process. */
export type StopYarn = (refusal: Refusal) => never;

export class YarnInspector {
  /** Notes on the policy for a person, one line each, escaped. */
  readonly warnings: readonly string[];
  readonly #state: GuardState;
  readonly #stop: StopYarn;

  constructor(scope: PolicyScope, stop: StopYarn) {
    ({ state: this.#state, warnings: this.warnings } = openGuardFor(scope));
    this.#stop = stop;
  }

  /** The longest archive that is read to its end. Longer ones are refused. */
  get maxBytes(): number {
    return tarballBytesMax(this.#state.policy.limits);
  }

  /** Refuses an archive that is longer than {@link maxBytes}. */
  tooLarge(subject: Subject): never {
    const why = `it is longer than ${this.maxBytes} bytes`;
    return this.#stop(refuseUninspected(subject, why, this.#state, { remedy: TOO_LARGE_REMEDY }));
  }

  /**
   * The tar in an accepted tarball. If the tarball has no findings, this is the tar that was inspected. `otherwise` creates Yarn's own
   * decoder, for a rejected tarball in report mode. A refusal ends the process.
   */
  async tarball(
    bytes: Buffer,
    { subject, request }: InspectedFolder,
    otherwise: () => NodeJS.ReadWriteStream,
  ): Promise<NodeJS.ReadableStream> {
    const { verdict, tar } = await this.#inspectTarball(bytes, subject, request?.expected);
    if (tar !== undefined) return Readable.from([tar], { objectMode: false });
    const decoder = verdict.status === 'accept' ? createGunzip() : otherwise();
    decoder.end(bytes);
    return decoder;
  }

  /** Accepts the tarball that Yarn is about to upload, or ends the process. */
  async upload(bytes: Buffer, name: string, version: string): Promise<void> {
    const subject = { label: `${name}@${version}`, isUpload: true };
    await this.#inspectTarball(bytes, subject, { name, version });
  }

  /** Accepts a tar of git, and returns how to unpack it. A refusal ends the process. */
  async gitTar(
    bytes: Buffer,
    { subject, folder }: InspectedFolder,
    mayBePacked: boolean,
  ): Promise<GitLayout> {
    const { sha512, layout } = await this.#inspectGitTar(bytes, subject, mayBePacked);
    this.#state.store.putLink(GIT_FOLDER + folder, sha512);
    return layout;
  }

  /**
   * Whether Yarn may use a folder of its cache as it is: if the tarball that Yarn has unpacked there has the promised hash and is
   * accepted, or if the folder was filled under the guard from a repository of git. Otherwise Yarn fetches the package again.
   * A rejected tarball ends the process.
   */
  async cached({ subject, request, folder }: InspectedFolder): Promise<boolean> {
    const type = request?.remote.type ?? 'tarball';
    if (!existsSync(join(folder, 'package.json'))) return false;
    if (type === 'git') {
      const sha512 = this.#state.store.getLink(GIT_FOLDER + folder);
      if (sha512 !== undefined) reportHeldExceptions(sha512, this.#state);
      return sha512 !== undefined;
    }
    const bytes = type === 'tarball' ? keptTarball(folder, this.maxBytes) : undefined;
    if (bytes === undefined || !isPromised(bytes, request)) return false;
    await this.#inspectTarball(bytes, subject, request?.expected);
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
    const { policy } = this.#state;
    const inspectedAs = { ...(expected && { expected }) };
    const inspect = (): Verdict => {
      const result = inspectKeeping(bytes, {
        ...inspectedAs,
        policy,
        room: (size) => (size > KEPT_MAX ? undefined : Buffer.allocUnsafeSlow(size)),
        sha512,
      });
      ({ tar } = result);
      return result.verdict;
    };
    const verdict = this.#accepted(
      await guard({ subject, integrity, inspectedAs, inspect }, this.#state),
    );
    return { verdict, ...(tar !== undefined && { tar }) };
  }

  #accepted({ verdict, refusal }: Decision): Verdict {
    return refusal === undefined ? verdict : this.#stop(refusal);
  }

  /** Does not remember the verdict, because the same bytes read as a tarball would be another package. */
  async #inspectGitTar(
    tar: Buffer,
    subject: Subject,
    mayBePacked: boolean,
  ): Promise<{ readonly sha512: string; readonly layout: GitLayout }> {
    const archive = gzipSync(tar, { level: 0 });
    const { policy } = this.#state;
    let layout: GitLayout = 'whole';
    const inspect = (): Verdict => {
      const asIs = inspectAs(gitTar, archive, { policy });
      if (asIs.status === 'accept' || !mayBePacked) return asIs;
      const packed = inspectAs(npmTarball, archive, { policy: packedBy(policy) });
      if (packed.status === 'reject' && claimedPackage(packed) === undefined) return asIs;
      layout = 'first-folder';
      return packed;
    };
    const verdict = this.#accepted(await guard({ subject, inspect }, this.#state));
    return { sha512: verdict.archive.sha512, layout };
  }

  /** Refuses a folder with an entry that leads out of it and of the folder it was copied from. */
  leaving(folder: string, copiedFrom: string, subject: Subject): void {
    const isInside = (path: string): boolean =>
      isWithin(folder, path) || isWithin(copiedFrom, path);
    const entry = leavingEntry(folder, { isInside });
    if (entry !== undefined) this.#refuse(leaving(entry, subject), subject);
  }

  /** Refuses a package whose name or version leads out of node_modules. */
  climbing(subject: Subject, name: string | undefined, version: string | undefined): void {
    const refused = climbing(subject, name, version);
    if (refused !== undefined) this.#refuse(refused, subject);
  }

  #refuse(refused: Refused, subject: Subject): never {
    return this.#stop(refuse(refused, this.#state, { subject }));
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

/** The tarball that a folder of the cache was unpacked from. */
const TARBALL = '.yarn-tarball.tgz';

/**
 * Whether bytes have the hash that a lockfile or registry promised. False if nothing is promised: a package can contain a file with the
 * name that Yarn gives to the tarball.
 */
export function isPromised(bytes: Buffer, request: CacheRequest | undefined): boolean {
  const { integrity, hash } = request?.remote ?? {};
  if (typeof integrity === 'string' && integrity !== '') return hasIntegrity(bytes, integrity);
  return typeof hash === 'string' && hash === createHash('sha1').update(bytes).digest('hex');
}

/** The bytes of the tarball that Yarn has unpacked into a folder of its cache. Undefined if it is missing or too long. */
export function keptTarball(folder: string, bytesMax: number): Buffer | undefined {
  try {
    return readBounded(join(folder, TARBALL), { bytesMax, follow: false }).bytes;
  } catch {
    return undefined;
  }
}

/** Yarn's own packer writes a long path only into a PAX record. Only Yarn unpacks such a tar. */
export function packedBy(policy: Policy): Policy {
  return { ...policy, levels: { ...policy.levels, 'pax-path-mismatch': 'off' } };
}

/** The refusal of a package whose name or version would lead out of node_modules. Undefined if both are fine. */
export function climbing(
  subject: Subject,
  name: string | undefined,
  version: string | undefined,
): Refused | undefined {
  const problems = [
    ['name', name === undefined ? undefined : unsafePackageName(name)],
    ['version', version === undefined ? undefined : unsafeName(version)],
  ] as const;
  const [field, why] = problems.find(([, problem]) => problem !== undefined) ?? [];
  if (why === undefined) return undefined;
  const wrong = `a registry, lockfile or package.json gives it a ${field} that is not a ${field}: ${why}`;
  const remedy = 'Do not install it: joined to a path, it leads out of node_modules.';
  return notInspected(subject, wrong, { remedy });
}

/** The refusal of a folder with an entry that leads out of it. */
export function leaving({ name, target }: LeavingEntry, subject: Subject): Refused {
  const shownName = printable(name, 512);
  const why =
    target === undefined
      ? `${shownName} is neither a file nor a folder`
      : `${shownName} is a link that leads out of the package, to ${printable(target, 512)}`;
  return notInspected(subject, why, {
    remedy: 'Take the entry out of the folder or repository that is installed, and install again.',
  });
}
