import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { relative } from 'node:path';
import type { Configuration } from '@yarnpkg/core';
import { npath } from '@yarnpkg/fslib';
import type { Policy, Verdict } from '@tarwarden/core';
import type { LoadedPolicy, VerdictKey, VerdictStore } from '@tarwarden/core/host';
import { notInspected, refusal } from './refuse.ts';
import { readSettings } from './settings.ts';
import type { Subject } from './subject.ts';

type Core = typeof import('./core.ts');

let loading: Promise<Core> | undefined;

/** The core, evaluated at the first call. */
export function loadCore(): Promise<Core> {
  return (loading ??= import('./core.ts'));
}

/** A guard, or why there is none: each refusal needs an error of its own, since Yarn writes into what it prints. */
type Made = { readonly guard: Guard } | { readonly problem: string };

const made = new WeakMap<Configuration, Promise<Made>>();

/** The guard for the policy that holds under a configuration. Rejects where that policy is not valid. */
export async function guardFor(configuration: Configuration): Promise<Guard> {
  let promise = made.get(configuration);
  if (promise === undefined) {
    promise = make(configuration);
    made.set(configuration, promise);
  }
  const result = await promise;
  if ('guard' in result) return result.guard;
  throw refusal(`tarwarden: the policy is not valid, so nothing is installed\n${result.problem}`);
}

async function make(configuration: Configuration): Promise<Made> {
  const core = await loadCore();
  try {
    const { policies, strict } = await readSettings(configuration);
    const folder = npath.fromPortablePath(configuration.projectCwd ?? configuration.startingCwd);
    const fetched = isTemporary(folder);
    const loaded = core.loadPolicy({
      cwd: fetched ? undefined : folder,
      env: process.env,
      settings: fetched ? policies.filter((one) => one.own) : policies,
    });
    return { guard: new Guard(core, loaded, strict) };
  } catch (error) {
    if (!(error instanceof core.TarwardenError)) throw error;
    return { problem: error.message };
  }
}

/**
 * Whether a project lies where Yarn puts clones to be packed, and what `dlx` runs. What was fetched must not speak for
 * itself: there the user's own policy counts alone.
 */
function isTemporary(folder: string): boolean {
  return /^xfs-[0-9a-f]+(?:[\\/]|$)/.test(relative(realpathSync(tmpdir()), folder));
}

/** Judges by the core, remembers, and refuses in Yarn's words. */
export class Guard {
  readonly strict: boolean;
  readonly policy: Policy;
  /** Where the policy was read from. */
  readonly files: readonly string[];
  readonly #core: Core;
  readonly #store: VerdictStore;

  constructor(core: Core, loaded: LoadedPolicy, strict: boolean) {
    const { policy, files } = loaded;
    this.#core = core;
    this.policy = policy;
    this.files = files;
    this.strict = strict;
    this.#store = core.openVerdictStore({ ruleset: core.RULESET, policy, env: process.env });
    process.once('exit', () => this.#store.flush());
  }

  /**
   * Judges the bytes of a tarball; returns their SHA-512 (hex), and what they unpack to where `room` gives memory for it.
   * Or throws the refusal.
   */
  tarball(
    bytes: Uint8Array,
    subject: Subject,
    room: (bytes: number) => Uint8Array | undefined = () => undefined,
  ): { readonly sha512: string; readonly tar?: Uint8Array | undefined } {
    const { verdict, tar } = this.#try(subject, () =>
      this.#core.inspectKeeping(bytes, { policy: this.policy, room, ...expectedOf(subject) }),
    );
    if (verdict.status === 'reject') throw this.#refused(verdict, subject, subject.source);
    return { sha512: verdict.archive.sha512, tar };
  }

  /**
   * Judges the bytes of a cache archive, or throws the refusal. `sha512` was computed of these bytes. `from` is the SHA-512
   * of the tarball that it is known to be made of; it is remembered.
   */
  archive(
    bytes: Uint8Array,
    subject: Subject,
    of: { file: string; sha512: string; from?: string },
  ): void {
    const from = of.from ?? this.tarballOf(of.sha512);
    const key = keyOf(of.sha512, subject);
    let verdict = this.#store.get(key);
    if (verdict?.status !== 'accept') {
      verdict = this.#try(subject, () =>
        this.#core.inspect(bytes, {
          format: 'yarn-zip',
          sha512: of.sha512,
          policy: this.policy,
          ...expectedOf(subject),
          ...(from !== undefined && { convertedFrom: from }),
        }),
      );
      if (verdict.status === 'reject') throw this.#refused(verdict, subject, of.file);
      // What an exception for the tarball lets pass depends on more than the key says.
      if (!verdict.findings.some((one) => one.excepted !== undefined))
        this.#store.put(key, verdict);
    }
    if (of.from !== undefined && this.tarballOf(of.sha512) === undefined) {
      this.#store.putLink(linkName(of.sha512), of.from);
    }
  }

  /** Whether nothing is left to be judged about the archive of this SHA-512. */
  knows(archive: string, subject: Subject): boolean {
    if (this.strict && subject.hasTarball && this.tarballOf(archive) === undefined) return false;
    return this.#store.get(keyOf(archive, subject))?.status === 'accept';
  }

  /** SHA-512 of the tarball that a cache archive was made of, where this machine has judged it under this policy. */
  tarballOf(archive: string): string | undefined {
    return this.#store.getLink(linkName(archive));
  }

  /** Whether two cache archives hold the same. */
  sameContent(one: Uint8Array, other: Uint8Array): boolean {
    const content = this.#core.yarnZipContent(one);
    return content !== undefined && content === this.#core.yarnZipContent(other);
  }

  /** What speaks against unpacking a repository's archive to the disk, where links inside of it are usual. */
  objection(bytes: Uint8Array): string | undefined {
    const policy: Policy = { ...this.policy, links: 'contained' };
    const verdict = this.#core.inspect(bytes, { policy });
    return verdict.status === 'reject' ? verdict.findings[0]?.message : undefined;
  }

  /** The refusal of something that could not be judged, to be thrown. */
  notInspected(subject: Subject, why: string): Error {
    return notInspected(this.#core.redactUrl(subject.label), this.#core.redactUrl(why));
  }

  /** What fails is no verdict. */
  #try<T>(subject: Subject, judge: () => T): T {
    try {
      return judge();
    } catch (error) {
      throw this.notInspected(subject, error instanceof Error ? error.message : String(error));
    }
  }

  #refused(verdict: Verdict, subject: Subject, source: string | undefined): Error {
    return refusal(this.#core.formatBlock({ subject: subject.label, source, verdict }));
  }
}

function expectedOf({ expected }: Subject): { expected?: NonNullable<Subject['expected']> } {
  return expected === undefined ? {} : { expected };
}

function keyOf(archive: string, subject: Subject): VerdictKey {
  const integrity = `sha512-${Buffer.from(archive, 'hex').toString('base64')}`;
  return { integrity, format: 'yarn-zip', ...expectedOf(subject) };
}

function linkName(archive: string): string {
  return `yarn-zip:tarball-of:${archive}`;
}
