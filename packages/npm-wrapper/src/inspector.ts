/**
 * The only file that knows the core: built as a file of its own, `inspector.cjs`, which is loaded when the
 * first tarball is fetched and not before. So the core costs nothing to programs that only inherit the guard,
 * or to an npm that fetches nothing.
 */
import { RULESET, type Verdict } from '@tarwarden/core';
import { inspectKeeping } from '@tarwarden/core/npm';
import { tarballBytesMax } from '@tarwarden/core/limits';
import { hasExpired } from '@tarwarden/core/policy';
import { placesOutside, unsafeName } from '@tarwarden/core/metadata';
import { openInspector, type PolicyScope } from '@tarwarden/guarded-run/kit';
import {
  ByteBudget,
  type ByteShare,
  collisionFree,
  type Inspector,
  type InspectorOptions,
  isTooLarge,
  limitBodies,
  policyFingerprint,
  sha512Of,
  type Subject,
  TooLargeError,
} from '@tarwarden/host';
import type { Identity } from './identity.ts';
import { KeptTars } from './kept-tars.ts';
import type { Tarball } from './tarball.ts';
import { npxFolder, npxFolderInstead, temporaryFolder } from './npx-folder.ts';

/** Downloads in memory at a time, from the request until the package is unpacked, in bytes. npm itself keeps as many as there are. */
const HELD_MAX = 128 * 1024 * 1024;

/** The shared inspector with what is npm's: several expectations, tars kept for npm, room for downloads, npx's folder. */
export class NpmInspector {
  /** What a person should know of the policy. One line each, escaped. */
  readonly warnings: readonly string[];
  readonly #inspector: Inspector;
  readonly #env: NodeJS.ProcessEnv;
  readonly #held = new ByteBudget(HELD_MAX);
  readonly #tars = new KeptTars();

  /** Reads the policy files. Throws what `loadPolicy` throws. */
  constructor(scope: PolicyScope, refuse: InspectorOptions['refuse']) {
    ({ inspector: this.#inspector, warnings: this.warnings } = openInspector(scope, refuse));
    this.#env = scope.env;
  }

  /** Bytes past this are refused unread. */
  get maxBytes(): number {
    return tarballBytesMax(this.#inspector.policy.limits);
  }

  /**
   * Resolves when there is room for one more download, of which nobody knows yet how long it is: for as many as npm makes at
   * once, where those under way are small. One that turns out to be large keeps others waiting until it is unpacked.
   */
  async admit(atOnce: number): Promise<ByteShare> {
    const share = this.#held.share();
    await share.take(Math.floor(HELD_MAX / atOnce));
    return share;
  }

  /** The error for what is longer than that. */
  tooLarge(): Error {
    return TooLargeError.read(this.maxBytes);
  }

  /**
   * The folder for what npx installs under these rules and this policy, and by the verdicts of these signers. Where the policy has
   * exceptions, it is for this process.
   */
  npxFolder(): string {
    const { policy, signers } = this.#inspector;
    // npx runs a kept tree without asking for the packages in it, and each exception that lets one pass has to be shown each time.
    if (policy.exceptions.some((exception) => !hasExpired(exception, policy.today)))
      return temporaryFolder();
    const names = [RULESET, policyFingerprint(policy).slice(0, 32)];
    if (signers !== undefined) names.push(signers.slice(0, 32));
    return npxFolder(names.join('-'), this.#env);
  }

  /** See {@link npxFolderInstead}. */
  npxFolderInstead(folder: string, error: unknown): string | undefined {
    return npxFolderInstead(folder, error);
  }

  /**
   * Resolves when a tarball is accepted under each of the identities that were promised; none promises nothing.
   * @throws the refusal otherwise.
   */
  async inspect(tarball: Tarball, subject: Subject, promised: readonly Identity[]): Promise<void> {
    // Of the bytes in hand: what was promised of them proves nothing about a remembered verdict.
    const { integrity } = tarball;
    try {
      for (const expected of promised.length === 0 ? [{}] : promised) {
        await this.#inspector.inspect({
          subject,
          known: { integrity, expected },
          run: () => this.#run(tarball.whole(), integrity, expected),
        });
      }
    } catch (refusal) {
      const [first] = tarball.pieces;
      if (first !== undefined) this.takeTar(first);
      throw refusal;
    }
  }

  /** Has signed verdicts asked for under the integrity that a tree has for a package, and all identities that are promised of it. */
  foresee(integrity: unknown, promised: readonly Identity[]): void {
    if (!this.#inspector.foresees || typeof integrity !== 'string') return;
    const hash = collisionFree(integrity);
    if (hash === undefined) return;
    for (const expected of promised) this.#inspector.foresee({ integrity: hash, expected });
  }

  /** What bytes that were accepted unpack to, if it was kept. Answers once: it is forgotten then. */
  takeTar(bytes: Uint8Array): Uint8Array | undefined {
    return this.#tars.take(bytes);
  }

  /** The refusal of an archive that has no verdict. */
  uninspected: Inspector['uninspected'] = (subject, why, options) =>
    this.#inspector.uninspected(subject, why, options);

  /** The refusal of a tarball that was not read to its end because it is too long. Undefined for another error. */
  tooLong(subject: Subject, error: unknown): Error | undefined {
    return isTooLarge(error) ? this.uninspected(subject, '', { cause: error }) : undefined;
  }

  #run(bytes: Uint8Array, integrity: string, expected: Identity): Verdict {
    this.takeTar(bytes);
    const sha512 = sha512Of(integrity);
    const { verdict, tar } = inspectKeeping(bytes, {
      expected,
      policy: this.#inspector.policy,
      room: (size) => this.#tars.room(size),
      ...(sha512 !== undefined && { sha512 }),
    });
    if (tar !== undefined) this.#tars.keep(bytes, tar);
    return verdict;
  }
}

/**
 * Bounds the downloads of npm's tarballs, which make-fetch-happen reads as fast as they come and however long they are,
 * into memory and its cache. pacote marks its requests.
 */
export function limitDownloads(bytesMax: number): void {
  limitBodies((request) =>
    String(request.getHeader('pacote-req-type')) === 'tarball' ? bytesMax : undefined,
  );
}

/** The first place outside a package that its own lockfile names, in words; undefined where there is none. */
export function lockfileEscape(lockfile: unknown): string | undefined {
  return placesOutside(lockfile)[0];
}

/** Why a name or version leaves its folder when it is joined to one, or undefined. */
export function climbs(name: string): string | undefined {
  return unsafeName(name);
}
