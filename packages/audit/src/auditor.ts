/* What comes of one task: a remembered verdict, or one of bytes that are got and inspected now. */
import type { Worker } from 'node:worker_threads';
import type { ExpectedPackage, Policy, Verdict } from '@tarwarden/core';
import { printable } from '@tarwarden/core/text';
import { ByteBudget, collisionFree, type VerdictKey, type VerdictStore } from '@tarwarden/host';
import { isAmbiguous, type LockedPackage } from '@tarwarden/lockfiles';
import type { Obtained } from './bytes/source.ts';
import { InspectionPool } from './inspection-pool.ts';
import { obtain, type Sources } from './obtain.ts';
import { checksOf } from './origin.ts';
import type { Task } from './plan.ts';
import type { AuditResult, Check, NotInspected } from './result.ts';

export interface AuditOptions extends Sources {
  readonly policy: Policy;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Starts a thread that runs `serveInspections` of `host`. */
  readonly startThread: () => Worker;
}

/** What else is asked of accepted bytes: then they are got even where the verdict is remembered. */
export type Compare = (found: Obtained) => readonly Check[];

/** Packages under way at once. */
export const AT_ONCE = 24;

/** Archives in memory at once, in bytes, from before they are read until there is a verdict. */
const HELD_MAX = 256 * 1024 * 1024;

export class Auditor {
  readonly #options: AuditOptions;
  readonly #store: VerdictStore;
  readonly #pool: InspectionPool;
  readonly #held = new ByteBudget(HELD_MAX);

  constructor(options: AuditOptions, store: VerdictStore) {
    this.#options = options;
    this.#store = store;
    this.#pool = new InspectionPool(options.startThread);
  }

  async result(task: Task, compare?: Compare): Promise<AuditResult> {
    const [{ locked, kind }] = task;
    const { ecosystem, name, version } = locked;
    const checks: Check[] = checksOf(task, this.#options.settings.registriesFor(kind));
    const about = {
      package: { ecosystem, name, version },
      places: task.map((entry) => entry.place),
      checks,
    };
    const own = ownOf(locked);
    if (own !== undefined) return { ...about, status: 'own', why: own };
    if (ecosystem !== 'npm' || locked.source.type === 'git')
      return { ...about, status: 'not-inspected', error: noArchive(locked) };
    if (locked.integrity !== undefined && isAmbiguous(locked.integrity))
      return { ...about, status: 'not-inspected', error: SEVERAL_HASHES };
    try {
      return { ...about, ...(await this.#inspected(task, checks, compare)) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = `the inspection broke off: ${printable(why)}`;
      return { ...about, status: 'not-inspected', error: { code: 'CRASHED', message } };
    }
  }

  async #inspected(task: Task, checks: Check[], compare?: Compare): Promise<Outcome> {
    const [{ locked }] = task;
    const expected = expectedOf(locked);
    const known = rememberedKey(locked, expected);
    const remembered = known && this.#store.get(known);
    if (remembered !== undefined && compare === undefined)
      return { status: 'inspected', verdict: remembered, from: 'remembered' };
    const share = this.#held.share();
    await share.take(HELD_MAX / AT_ONCE);
    try {
      const found = await obtain(task, this.#options, (check) => void checks.push(check));
      if ('code' in found) return { status: 'not-inspected', error: found };
      share.resize(found.bytes.length);
      const verdict = await this.#verdict(found, expected);
      if (found.unpinned === true && this.#options.isPinned !== false)
        checks.push(unpinned(locked));
      if (verdict.status === 'accept') checks.push(...(compare?.(found) ?? []));
      return { status: 'inspected', verdict, from: found.from };
    } finally {
      share.release();
    }
  }

  async #verdict(
    { bytes, format }: Obtained,
    expected: ExpectedPackage | undefined,
  ): Promise<Verdict> {
    const { policy } = this.#options;
    const more = expected === undefined ? {} : { expected };
    const verdict = await this.#pool.inspect(bytes, { policy, format, ...more });
    this.#store.put({ integrity: verdict.archive.integrity, format, ...more }, verdict);
    return verdict;
  }
}

type Outcome =
  | Pick<Extract<AuditResult, { status: 'inspected' }>, 'status' | 'verdict' | 'from'>
  | Pick<Extract<AuditResult, { status: 'not-inspected' }>, 'status' | 'error'>;

/** Only a registry hands out a package under a name; an address is asked for whatever it holds. */
function expectedOf({ name, version, source }: LockedPackage): ExpectedPackage | undefined {
  return source.type === 'registry' ? { name, version } : undefined;
}

/** Under what a verdict about these bytes is remembered. */
function rememberedKey(
  { integrity }: LockedPackage,
  expected: ExpectedPackage | undefined,
): VerdictKey | undefined {
  const more = expected === undefined ? {} : { expected };
  if (integrity?.type === 'yarn-zip') {
    const digest = Buffer.from(integrity.sha512, 'hex').toString('base64');
    return { integrity: `sha512-${digest}`, format: 'yarn-zip', ...more };
  }
  const one = integrity?.type === 'sri' ? collisionFree(integrity.value) : undefined;
  return one === undefined ? undefined : { integrity: one, format: 'npm', ...more };
}

const SEVERAL_HASHES: NotInspected = {
  code: 'NO_INTEGRITY',
  message: 'its entry has several hashes, of which the package manager takes any',
  remedy: 'remove the entry, and have the package manager write it anew',
};

function ownOf({ source }: LockedPackage): string | undefined {
  switch (source.type) {
    case 'folder':
      return 'a folder, which is not fetched';
    case 'workspace':
      return 'a folder of the project';
    case 'bundled':
      return 'inside of the archive that brings it';
    case 'patch':
      return 'made on this machine of a package that has an entry of its own';
    default:
      return undefined;
  }
}

function noArchive({ ecosystem, source }: LockedPackage): NotInspected {
  if (source.type === 'git') {
    const message = 'it comes from a git repository, which the package manager packs by itself';
    return {
      code: 'NO_ARCHIVE',
      message,
      remedy: 'install under the guard, which inspects what is packed',
    };
  }
  const message = `packages of ${ecosystem} are not inspected by an audit`;
  return {
    code: 'NO_BYTES',
    message,
    remedy: 'install under the guard, or download the archives and run `tarwarden scan`',
  };
}

function unpinned({ integrity, source }: LockedPackage): Check {
  const why =
    integrity?.type === 'yarn-zip'
      ? 'the checksum in yarn.lock is of the zip that Yarn makes, so it is not shown that these bytes are the ones'
      : 'the lockfile has no integrity for it';
  const where = source.type === 'file' ? 'the file as it is now' : 'what its registry has now';
  return { id: 'unpinned', level: 'warning', message: `inspected was ${where}: ${why}` };
}
