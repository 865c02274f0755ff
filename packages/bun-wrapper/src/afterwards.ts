/* Checks a run after bun has ended, and decides its exit code. */
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plural, printable } from '@tarwarden/core/text';
import { EXIT } from '@tarwarden/guard/run';
import { realOrSame, sha512Of } from '@tarwarden/guard';
import type { BunGuard, Installation } from './bun-guard.ts';
import type { ConfinedBun } from './folders.ts';
import { readLocked, type BunLockfile } from './locked.ts';
import type { RunCache } from './run-cache.ts';

const NAMES_MAX = 5;

/** Advice for packages that bun looked for under names that the guard does not know. */
const REMEDY =
  'Where a registry is named by a script alone (--registry), name it in .npmrc or bunfig.toml, so that the guard knows it; else run an install of its own for what a script installs.';

export interface Ended {
  readonly guard: BunGuard;
  readonly cache: RunCache;
  /** Whether bun must have asked the scanner about the packages in its lockfile. */
  readonly demand: boolean;
  readonly root: string;
  readonly show: (text: string) => void;
  /** In a confined run, programs may still be writing. So the guard writes nothing outside of `root` then. */
  readonly phase?: ConfinedBun['phase'] | undefined;
}

export function afterwards(code: number, ended: Ended): number {
  const { guard, show } = ended;
  if (guard.refusals.all.length > 0) return code || EXIT.BLOCKED;
  const mismatched = guard.installations.flatMap((installation) => otherBytes(installation, ended));
  if (mismatched.length > 0) {
    show(
      `bun.lock promises other bytes than those that were inspected and installed, for ${namesText(mismatched)}; ${ended.phase === 'whole' ? 'remove bun.lock and node_modules' : 'bun.lock is as before, node_modules is not: remove it'}`,
    );
    return code || EXIT.BLOCKED;
  }
  const strangers = uninspected(ended);
  if (strangers.length > 0) {
    const [manner, remedy] =
      guard.installations.length === 0
        ? ['without asking the guard', '']
        : ['by itself, where the guard had put nothing that it inspected', ` ${REMEDY}`];
    show(
      `bun unpacked ${plural(strangers.length, 'package')} ${manner} (${namesText(strangers)}); treat what it installed as UNCHECKED, and remove node_modules.${remedy}`,
    );
    return code || EXIT.UNCHECKED;
  }
  const empty = ended.cache.usedStandIns(guard.installations.map(({ folder }) => folder));
  if (empty.length > 0) {
    show(
      `bun installed ${plural(empty.length, 'package')} that bun.lock has for other platforms (${namesText(empty)}): not inspected, and left empty; remove node_modules, and name the platforms by --os and --cpu`,
    );
    return code || EXIT.BLOCKED;
  }
  if (code === 0 && neverAsked(ended)) {
    show('bun never asked the guard; treat what it installed as UNCHECKED.');
    return EXIT.UNCHECKED;
  }
  return code;
}

/** Packages for which bun.lock promises other bytes than those that were inspected. If there are any, restores bun.lock. */
function otherBytes(
  { folder, locked }: Installation,
  { guard, show, phase, root }: Ended,
): string[] {
  let lockfile: BunLockfile;
  try {
    lockfile = readLocked(folder);
  } catch (error) {
    show((error as Error).message);
    return ['what it names'];
  }
  const mismatched = [...lockfile.integrities].flatMap(([id, promised]) => {
    const passedHashes = guard.passed.get(id);
    return passedHashes === undefined ||
      promised.every((integrity) => isAmong(integrity, passedHashes))
      ? []
      : [id];
  });
  const mayWrite =
    phase === undefined || (phase === 'fetch' && realOrSame(folder) === realOrSame(root));
  if (mismatched.length > 0 && mayWrite) putBack(join(folder, 'bun.lock'), locked.text);
  return mismatched;
}

/** A hash of another algorithm was compared when the bytes were fetched, or does not matter. */
function isAmong(promised: string, passedHashes: ReadonlySet<string>): boolean {
  const sha512 = sha512Of(promised);
  return sha512 === undefined || passedHashes.has(sha512);
}

function putBack(path: string, text: string | undefined): void {
  if (text === undefined) return rmSync(path, { force: true });
  // If there is a link now, this replaces it and does not follow it.
  const beside = `${path}.${randomUUID()}`;
  writeFileSync(beside, text, { flag: 'wx' });
  renameSync(beside, path);
}

/** Packages in bun's cache that the guard neither put there nor inspected as an archive by URL or path. */
function uninspected({ guard, cache }: Ended): string[] {
  return cache
    .unpacked()
    .filter(
      (name) => !name.startsWith('@T@') || !guard.hasPassed(name.replace(/_patch_hash=.*$/, '')),
    );
}

function neverAsked({ guard, demand, root }: Ended): boolean {
  if (!demand || guard.installations.length > 0) return false;
  try {
    return readLocked(root).packages > 0;
  } catch {
    return true;
  }
}

function namesText(names: readonly string[]): string {
  const omission = names.length > NAMES_MAX ? `, and ${names.length - NAMES_MAX} more` : '';
  return `${names
    .slice(0, NAMES_MAX)
    .map((name) => printable(name, 200))
    .join(', ')}${omission}`;
}
