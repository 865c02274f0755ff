/** Accepted ⇒ the tree that a guarded manager unpacks is the tree that the core describes. */
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DEFAULT_POLICY, inspect, type Policy } from '@tarwarden/core';
import { BUILT, guardSetUp, type Bundles, type SetUp } from '../../e2e/views/guard-set-up.ts';
import { gzip } from '../../support/gzip.ts';
import type { ManagerName } from '../../support/managers.ts';
import { FIELDS } from '../../support/tar.ts';
import type { Round } from '../generate.ts';
import { accepted, packageName, type Accepted } from '../managers/archives.ts';
import { installed, type Installed } from '../managers/install.ts';
import { fixChecksum } from '../mutate.ts';
import { anyInputOf, foreignInputOf } from './generate.ts';

/**
 * `any`: whatever is accepted. `foreign`: archives that begin with the magic number of another format, while the rules
 * about that are off, so that only the hand-off is between them and the disk.
 */
export type Kind = 'any' | 'foreign';

const OFF = ['other-format', 'unsafe-character', 'tar-header-ambiguous'] as const;
const LEVELS = Object.fromEntries(OFF.map((rule) => [rule, 'off' as const]));
const FOREIGN_POLICY: Policy = { ...DEFAULT_POLICY, levels: LEVELS };

export interface Batch {
  readonly kind: Kind;
  readonly archives: readonly Accepted[];
  /** Rounds that it took to find so many that are accepted. */
  readonly rounds: number;
}

/** The accepted archives from one round on. */
export function batchOf(kind: Kind, size: number, of: Round): Batch {
  const archives: Accepted[] = [];
  let { round } = of;
  for (; archives.length < size; round++) {
    const one = acceptedOf(kind, { ...of, round });
    if (one !== undefined) archives.push(one);
  }
  return { kind, archives, rounds: round - of.round };
}

/** The archive of a round where it is accepted. */
export function acceptedOf(kind: Kind, of: Round): Accepted | undefined {
  const { round } = of;
  const id = (round % 36 ** 4).toString(36).padStart(4, '0');
  const name = packageName(id);
  if (kind === 'any') {
    const one = accepted(id, anyInputOf(name, of));
    return one && { ...one, round };
  }
  const tgz = foreignInputOf(name, of);
  if (inspect(tgz, { policy: FOREIGN_POLICY }).status !== 'accept') return undefined;
  // What it unpacks to is what it does under an ordinary name; the core unpacks nothing that a rule of errors let pass.
  const one = accepted(id, withOrdinaryName(tgz));
  return one && { ...one, round, tgz, build: () => tgz };
}

/** The same archive, the extended header that begins it being called as usual. */
function withOrdinaryName(tgz: Buffer): Buffer {
  const tar = gunzipSync(tgz);
  tar.fill(0, 0, FIELDS.name[1]);
  tar.write('PaxHeader/x');
  fixChecksum(tar);
  return gzip(tar);
}

/** Installs a batch by a manager under its guard, and compares. */
export async function handedOn(
  manager: ManagerName,
  { kind, archives }: Pick<Batch, 'kind' | 'archives'>,
  bundles: Bundles = BUILT,
): Promise<Installed> {
  const guard = guardSetUp(manager, bundles);
  if (guard === undefined) throw new RangeError(`${manager} has no guard`);
  return installed(manager, archives, kind === 'any' ? guard : loosened(guard));
}

/** The user's own policy file switches the rules off. */
function loosened(guard: SetUp): SetUp {
  return {
    ...guard,
    before(sandbox) {
      const folder = join(sandbox.root, 'xdg/config/tarwarden');
      sandbox.write({ 'policy.json': { levels: LEVELS } }, folder);
      guard.before?.(sandbox);
    },
  };
}
