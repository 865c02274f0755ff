/**
 * The only file that imports the core. It is built as `inspector.cjs`, which the guard loads for the first tarball. So a program that
 * only inherits the guard, or an npm that fetches nothing, does not load the core.
 */
import type { Verdict } from '@tarwarden/core';
import { inspectKeeping } from '@tarwarden/core/npm';
import { tarballBytesMax } from '@tarwarden/core/limits';
import { arboristClaim } from '@tarwarden/core/metadata';
import { openGuardFor, type PolicyScope } from '@tarwarden/guard/kit';
import {
  ByteBudget,
  type ByteShare,
  guard,
  type GuardState,
  isTooLarge,
  limitBodies,
  refuseUninspected,
  type Refusal,
  sha512Of,
  type Subject,
  TooLargeError,
} from '@tarwarden/guard';
import type { NpmRefusal } from './exit.ts';
import type { FetcherFacts, Identities, PromisedIdentity } from './identity.ts';
import type { Tarball } from './tarball.ts';

export { placesOutside, unsafeName } from '@tarwarden/core/metadata';

/** Bytes of all downloads in memory, from the request until the package is unpacked. npm itself has no limit. */
const HELD_MAX = 128 * 1024 * 1024;

/** The inspector of npm's guard. It also keeps inspected tars for npm, and limits downloads in memory. */
export class NpmInspector {
  /** Notes on the policy for a person, one line each, escaped. */
  readonly warnings: readonly string[];
  readonly #state: GuardState;
  readonly #error: (refusal: Refusal) => NpmRefusal;
  readonly #budget = new ByteBudget(HELD_MAX);
  readonly #tars = new KeptTars();

  /** @param error Makes npm's error for a refusal, and keeps it. */
  constructor(scope: PolicyScope, error: (refusal: Refusal) => NpmRefusal) {
    ({ state: this.#state, warnings: this.warnings } = openGuardFor(scope));
    this.#error = error;
  }

  /** The longest tarball that is read to its end. Longer ones are refused. */
  get maxBytes(): number {
    return tarballBytesMax(this.#state.policy.limits);
  }

  /**
   * Resolves when there is room for one more download. Its length is not known yet, so each download gets an equal share at first.
   * A download that turns out to be large keeps others waiting until it is unpacked.
   */
  async admit(atOnce: number): Promise<ByteShare> {
    const share = this.#budget.share();
    await share.take(Math.floor(HELD_MAX / atOnce));
    return share;
  }

  /** The error for a tarball that is longer than {@link maxBytes}. */
  tooLarge(): Error {
    return TooLargeError.read(this.maxBytes);
  }

  /**
   * Resolves when a tarball is accepted under each promised identity, or without one if none was promised.
   * @throws the refusal otherwise.
   */
  async inspect(
    tarball: Tarball,
    subject: Subject,
    promised: readonly PromisedIdentity[],
  ): Promise<void> {
    // This integrity was computed from the bytes. A promised one would not prove that a remembered verdict is about these bytes.
    const { integrity } = tarball;
    for (const expected of promised.length === 0 ? [{}] : promised) {
      const archive = {
        subject,
        integrity,
        inspectedAs: { expected },
        inspect: () => this.#inspectBytes(tarball.whole(), integrity, expected),
      };
      const { refusal } = await guard(archive, this.#state);
      if (refusal === undefined) continue;
      const [first] = tarball.pieces;
      if (first !== undefined) this.takeTar(first);
      throw this.#error(refusal);
    }
  }

  /** The words of the registry or the lockfile about a package, from the objects that npm has made of them. */
  claims(identities: Identities, fetcher: FetcherFacts): Subject['claims'] {
    const documents = identities.documents(fetcher);
    if (documents.length === 0) return undefined;
    const tells = identities.tellsScripts(fetcher);
    return documents.map((document) => arboristClaim(document, tells));
  }

  /** The tar in accepted bytes, if it was kept. The first call removes it. */
  takeTar(bytes: Uint8Array): Uint8Array | undefined {
    return this.#tars.take(bytes);
  }

  /** The refusal of an archive that has no verdict. */
  uninspected(
    subject: Subject,
    why: string,
    options: { readonly cause?: unknown; readonly remedy?: string } = {},
  ): NpmRefusal {
    return this.#error(refuseUninspected(subject, why, this.#state, options));
  }

  /** The refusal of a tarball that was not read to its end because it is too long. Undefined for another error. */
  tooLong(subject: Subject, error: unknown): Error | undefined {
    return isTooLarge(error) ? this.uninspected(subject, '', { cause: error }) : undefined;
  }

  #inspectBytes(bytes: Uint8Array, integrity: string, expected: PromisedIdentity): Verdict {
    this.takeTar(bytes);
    const sha512 = sha512Of(integrity);
    const { verdict, tar } = inspectKeeping(bytes, {
      expected,
      policy: this.#state.policy,
      room: (size) => this.#tars.room(size),
      ...(sha512 !== undefined && { sha512 }),
    });
    if (tar !== undefined) this.#tars.keep(bytes, tar);
    return verdict;
  }
}

/**
 * Limits npm's downloads of tarballs, because make-fetch-happen reads any number of bytes into memory and its cache. pacote marks its
 * requests for tarballs with a header.
 */
export function limitDownloads(bytesMax: number): void {
  limitBodies((request) =>
    String(request.getHeader('pacote-req-type')) === 'tarball' ? bytesMax : undefined,
  );
}

/** Bytes of inspected tars that wait for npm. npm inflates the others again. */
const KEPT_MAX = 128 * 1024 * 1024;

/** The inspected tars, by their tarball, until npm unpacks them. */
class KeptTars {
  readonly #tars = new WeakMap<Uint8Array, Uint8Array>();
  #bytes = 0;

  /** Memory for one more tar, or undefined if there is no room. */
  room(size: number): Uint8Array | undefined {
    return this.#bytes + size > KEPT_MAX ? undefined : Buffer.allocUnsafeSlow(size);
  }

  keep(tarball: Uint8Array, tar: Uint8Array): void {
    this.#tars.set(tarball, tar);
    this.#bytes += tar.length;
  }

  /** Returns a tar, and forgets it. */
  take(tarball: Uint8Array): Uint8Array | undefined {
    const tar = this.#tars.get(tarball);
    this.#tars.delete(tarball);
    this.#bytes -= tar?.length ?? 0;
    return tar;
  }
}
