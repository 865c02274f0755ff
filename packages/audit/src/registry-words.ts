/*
 * Compares packages of npm's registries with the words about them: the entries of the lockfiles, and the document of the registry.
 *
 *   verdict -> the claims of the entries + the registry's document, unless it agreed within a day -> the verdict with the words
 *
 * The document is asked for whether the verdict is remembered or new. A registry without documents changes nothing: private
 * registries differ, and a hostile registry could leave its documents out as well.
 */
import type { Policy, Verdict } from '@tarwarden/core';
import { compareClaims, documentClaim } from '@tarwarden/core/metadata';
import { weighClaims, type Claim } from '@tarwarden/core/policy';
import { plural, printable } from '@tarwarden/core/text';
import type { NetworkSettings, VerdictStore } from '@tarwarden/guard';
import { failureText } from './archives.ts';
import { hasNoDocument, versionDocument } from './npm-document.ts';
import { expectedFromLockfile, type NpmSources } from './ecosystems/npm/npm-packages.ts';
import type { AuditTask, LockfileEntry } from './plan.ts';
import type { Outcome } from './result.ts';

/** Milliseconds for which the agreement of a document is remembered. */
const AGREED_FOR = 24 * 60 * 60 * 1000;
/** Milliseconds for each try. */
const TIME_LIMIT = 30_000;
/** Bytes of a document of one version, or of all versions. */
const BYTES_MAX = 16 * 1024 * 1024;
/** The audit asks this many registries about one package. Lockfiles can name any number. */
const REGISTRIES_MAX = 4;
/** After this many failures without an answer between them, a registry is not asked again. */
const FAILURES_MAX = 3;

interface WordsOptions extends Pick<NpmSources, 'settings' | 'offline' | 'reach'> {
  readonly policy: Policy;
}

/** A registry that failed to answer. */
interface Failure {
  inARow: number;
  packages: number;
  readonly reason: string;
}

export class RegistryWords {
  readonly #options: WordsOptions;
  readonly #store: VerdictStore;
  readonly #failures = new Map<string, Failure>();
  /** The settings for documents by those for archives. Connections are kept by the object of their settings. */
  readonly #hasty = new Map<NetworkSettings, NetworkSettings>();

  constructor(options: WordsOptions, store: VerdictStore) {
    this.#options = options;
    this.#store = store;
  }

  /** An outcome whose verdict has the words of all entries of the task, and of their registries. */
  async addTo(outcome: Outcome, task: AuditTask): Promise<Outcome> {
    if (outcome.status !== 'inspected') return outcome;
    const { verdict } = outcome;
    const claims: Claim[] = task.flatMap(({ locked }) => locked.claim ?? []);
    claims.push(...(await this.#documentClaims(verdict, task)));
    const { policy } = this.#options;
    const expected = expectedFromLockfile(task[0].locked);
    return { ...outcome, verdict: weighClaims(verdict, claims, { policy, expected }) };
  }

  /** Yields a line for each registry that did not answer. */
  *notes(): Generator<string> {
    for (const [origin, { packages, reason }] of this.#failures)
      if (packages > 0)
        yield `${printable(origin)} did not send the documents of ${plural(packages, 'package')}, so these are compared with the lockfile alone (${reason})`;
  }

  async #documentClaims(verdict: Verdict, task: AuditTask): Promise<readonly Claim[]> {
    if (this.#options.offline) return [];
    const addresses = new Map(
      task.flatMap((entry) => {
        const address = this.#addressOf(entry);
        return address === undefined ? [] : [[address, entry] as const];
      }),
    );
    const claims = await Promise.all(
      [...addresses].slice(0, REGISTRIES_MAX).map(async ([address, entry]) => {
        const linkKey = `npm-document:${address}:${entry.locked.version}:${verdict.archive.integrity}`;
        if (isOfToday(this.#store.getLink(linkKey))) return undefined;
        const claim = await this.#claimAt(address, entry);
        // Only a document without any difference is remembered.
        if (claim !== undefined && compareClaims(verdict.manifest, [claim]).length === 0)
          this.#store.putLink(linkKey, String(Date.now()));
        return claim;
      }),
    );
    return claims.flatMap((claim) => claim ?? []);
  }

  /** A package in a cache has no lockfile, and nobody says which registry it came from. */
  #addressOf({ locked, kind, lockfile }: LockfileEntry): string | undefined {
    const { ecosystem, source, name, version } = locked;
    if (lockfile === undefined || ecosystem !== 'npm' || source.type !== 'registry')
      return undefined;
    return this.#options.settings.registriesFor(kind).documentOf(name, version, source.url);
  }

  async #claimAt(address: string, { locked, kind }: LockfileEntry): Promise<Claim | undefined> {
    const { origin } = new URL(address);
    const failure = this.#failures.get(origin);
    if (failure !== undefined && failure.inARow >= FAILURES_MAX) {
      failure.packages += 1;
      return undefined;
    }
    try {
      const document = await versionDocument(locked, address, {
        settings: this.#settingsFor(address, kind),
        timeLimit: TIME_LIMIT,
        bytesMax: BYTES_MAX,
      });
      this.#answered(origin);
      return documentClaim(document, false);
    } catch (error) {
      if (hasNoDocument(error)) this.#answered(origin);
      else this.#failed(origin, error);
      return undefined;
    }
  }

  /** An audit must not wait long for a registry that has the archives and no documents. */
  #settingsFor(address: string, kind: string): NetworkSettings {
    const settings = this.#options.settings.registriesFor(kind).settingsFor(address);
    const cachedSettings = this.#hasty.get(settings);
    if (cachedSettings !== undefined) return cachedSettings;
    const { retries = 1, retryMinTimeout = 1000 } = settings;
    const hastySettings = {
      ...settings,
      retries: Math.min(retries, 1),
      retryMinTimeout: Math.min(retryMinTimeout, 1000),
      reach: this.#options.reach,
    };
    this.#hasty.set(settings, hastySettings);
    return hastySettings;
  }

  #answered(origin: string): void {
    const failure = this.#failures.get(origin);
    if (failure !== undefined) failure.inARow = 0;
  }

  #failed(origin: string, error: unknown): void {
    const reason = failureText(error, 512);
    const failure = this.#failures.get(origin) ?? { inARow: 0, packages: 0, reason };
    failure.inARow += 1;
    failure.packages += 1;
    this.#failures.set(origin, failure);
  }
}

/** A time in the future means that the clock was changed, and counts as too old. */
function isOfToday(time: string | undefined): boolean {
  if (time === undefined) return false;
  const age = Date.now() - Number(time);
  return age >= 0 && age < AGREED_FOR;
}
