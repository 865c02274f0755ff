/* Inspects the packages that bun is about to install, and puts them where bun finds them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BUN_STATUS } from '@tarwarden/guard/run';
import { openGuardFor, PackageRefusal, Refusals, type OpenedGuard } from '@tarwarden/guard/kit';
import { isWithin, realOrSame, refuseUninspected, weigh, type Refusal } from '@tarwarden/guard';
import { loadSettings } from '@tarwarden/clients/settings';
import pMap from 'p-map';
import { archiveFolder } from './cache-names.ts';
import { Installer, type BunGuardOptions } from './installer.ts';
import { readLocked, type BunLockfile } from './locked.ts';
import type { ScannerQuestion } from './question.ts';

const AT_ONCE = 16;

export interface Installation {
  readonly folder: string;
  /** The lockfile before the installation. */
  readonly locked: BunLockfile;
}

export class BunGuard {
  readonly refusals: Refusals<PackageRefusal>;
  readonly installations: Installation[] = [];
  /** SHA-512, in hex, of the archives that passed, by name and version, URL or path. */
  readonly passed: Map<string, Set<string>> = new Map<string, Set<string>>();
  readonly #options: BunGuardOptions;
  readonly #projectGuard: OpenedGuard;
  #userGuard: OpenedGuard | undefined;

  constructor(options: BunGuardOptions) {
    this.#options = options;
    this.refusals = new Refusals({ status: { env: options.env, channel: BUN_STATUS } });
    this.#projectGuard = this.#open(options.project);
    if (options.project === undefined) this.#userGuard = this.#projectGuard;
  }

  /** Notes on the policy for a person, one line each, escaped. */
  get warnings(): readonly string[] {
    return this.#projectGuard.warnings;
  }

  /** Inspects the packages that bun is about to install, and returns the refusals. */
  async inspectAll({
    cwd,
    platform,
    packages,
  }: ScannerQuestion): Promise<readonly PackageRefusal[]> {
    const refusalsBefore = this.refusals.all.length;
    const isUserOnly =
      this.#options.project === undefined || isWithin(this.#options.cache.folder, cwd);
    const { state } = isUserOnly ? (this.#userGuard ??= this.#open(undefined)) : this.#projectGuard;
    try {
      this.#assertOwnSettings(cwd);
      const locked = readLocked(cwd);
      this.installations.push({ folder: cwd, locked });
      const registries = loadSettings(
        isUserOnly ? undefined : cwd,
        this.#settingsEnv(),
      ).registriesFor('bun');
      const installer = new Installer(this, {
        ...this.#options,
        cwd,
        state,
        locked,
        platform: this.#options.otherPlatforms ? undefined : platform,
        registries,
      });
      await pMap(packages, (askedPackage) => installer.inspect(askedPackage), {
        concurrency: AT_ONCE,
      });
      installer.refuseLocal(packages);
      installer.inspectUnpacked();
    } catch (error) {
      const why = "bun's question could not be answered";
      if (!(error instanceof PackageRefusal))
        this.keep(refuseUninspected({ label: cwd }, why, state, { cause: error }));
    }
    return this.refusals.all.slice(refusalsBefore);
  }

  /**
   * Compares the archives that passed with what bun has written into its lockfiles, which repeat the registry's documents. Before a first
   * install there is no lockfile, and bun does not show the documents to its scanner. Returns whether a package is refused now.
   */
  async compareWords(): Promise<boolean> {
    const refusalsBefore = this.refusals.all.length;
    const { state } = this.#projectGuard;
    for (const { folder, locked } of this.installations) {
      const lockfile = lockedOrSame(folder, locked);
      for (const [id, claims] of lockfile.text === locked.text ? [] : lockfile.claims) {
        const at = id.lastIndexOf('@');
        const expected = { name: id.slice(0, at), version: id.slice(at + 1) };
        const [integrity = ''] = lockfile.integrities.get(id) ?? [];
        const verdict = state.store.get({ integrity, expected });
        if (verdict?.status !== 'accept') continue;
        const subject = { label: id, expected, claims };
        // oxlint-disable-next-line no-await-in-loop
        const { refusal } = await weigh(verdict, subject, state, { remembered: true });
        // The refusal decides the exit code.
        if (refusal !== undefined) this.keep(refusal);
      }
    }
    return this.refusals.all.length > refusalsBefore;
  }

  /** bun does not read npm's file for all users, so the variables name a missing file for it. */
  #settingsEnv(): NodeJS.ProcessEnv {
    const missing = join(this.#options.cache.folder, 'no-npmrc');
    return { ...this.#options.env, NPM_CONFIG_GLOBALCONFIG: missing };
  }

  /** If a script installs in another folder, bun has read the settings of the project and not those of that folder. */
  #assertOwnSettings(cwd: string): void {
    const { settingsOf: root, hasSettings } = this.#options;
    if (root === undefined || realOrSame(cwd) === root) return;
    if (hasSettings === true || existsSync(join(cwd, 'bunfig.toml')))
      throw new Error(
        `bun installs into ${cwd} with the bunfig.toml of ${root}; run that install by itself`,
      );
  }

  /** Whether an archive passed in this run, by the hash in the name of its folder. */
  hasPassed(folder: string): boolean {
    return [...this.passed.values()].some((hashes) =>
      [...hashes].some((sha512) => archiveFolder(sha512) === folder),
    );
  }

  #open(project: string | undefined): OpenedGuard {
    return openGuardFor({ project, env: this.#options.env });
  }

  /** Keeps a refusal, and makes the error for it. */
  keep({ refused, cause }: Refusal): PackageRefusal {
    return this.refusals.add(new PackageRefusal(refused, cause));
  }
}

/** The lockfile of a folder. If it cannot be read, the checks after the run say so. */
function lockedOrSame(folder: string, locked: BunLockfile): BunLockfile {
  try {
    return readLocked(folder);
  } catch {
    return locked;
  }
}
