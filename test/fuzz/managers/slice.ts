/** The part of the long fuzz that real package managers take: now and then, a batch of what was accepted. */
import { available, type ManagerName } from '../../support/managers.ts';
import { shrink } from '../shrink.ts';
import { accepted, acceptedOf, type Accepted } from './archives.ts';
import { installed } from './install.ts';

/** Every manager whose installing is compared. */
export const MANAGERS: readonly ManagerName[] = [
  'npm-10',
  'npm-11',
  'npm-12',
  'pnpm-10',
  'pnpm-11',
  'pnpm-12',
  'yarn-1',
  'yarn-3',
  'yarn-4',
  'bun',
];

/** Packages that are installed into one project. */
const BATCH = 60;

/** A package that a manager did not install as promised. */
export interface InstallFailure {
  readonly kind: string;
  readonly round: number;
  readonly detail: string;
  /** Of the first of a manager and batch made smaller, while it stays accepted and installed otherwise. */
  readonly tgz: Buffer;
}

/** Gathers accepted archives evenly, and has each manager that is here install them. */
export class ManagerSlice {
  readonly managers: readonly ManagerName[];
  /** Packages that were installed and compared, of all managers together. */
  installed = 0;
  /** Archives of which a manager is known to install nothing. */
  refused = 0;

  readonly #size: number;
  readonly #step: number;
  readonly #seed: number;
  readonly #seeds: readonly Buffer[];
  #batch: Accepted[] = [];
  #met = 0;

  /** @param of.every Accepted archives that one batch stands for; none is installed where it is 0. */
  constructor(of: { every: number; seed: number; seeds: readonly Buffer[] }) {
    this.managers = of.every > 0 ? MANAGERS.filter((name) => available(name).ok) : [];
    this.#size = Math.min(BATCH, of.every);
    this.#step = Math.max(1, Math.floor(of.every / BATCH));
    this.#seed = of.seed;
    this.#seeds = of.seeds;
  }

  /** Notes that the archive of a round was accepted. Resolves once a batch that is full was installed. */
  async take(round: number): Promise<InstallFailure[]> {
    if (this.managers.length === 0 || this.#met++ % this.#step !== 0) return [];
    const one = acceptedOf(this.#seed, round, this.#seeds);
    if (one !== undefined) this.#batch.push(one);
    return this.#batch.length < this.#size ? [] : this.install();
  }

  /** Installs what was gathered. */
  async install(): Promise<InstallFailure[]> {
    const batch = this.#batch;
    this.#batch = [];
    const failures: InstallFailure[] = [];
    if (batch.length === 0) return failures;
    for (const manager of this.managers) {
      const { compared, refusals, disagreements } = await installed(manager, batch);
      this.installed += compared;
      this.refused += refusals;
      for (const [index, { archive, lines }] of disagreements.entries())
        failures.push({
          kind: manager,
          round: archive.round,
          detail: [...lines.slice(0, 10), `accepted with: ${archive.warnings.join(', ')}`].join(
            '\n',
          ),
          // Each step is an install, and what one manager does otherwise is mostly of one kind.
          tgz: index === 0 ? await smaller(manager, archive) : archive.tgz,
        });
    }
    return failures;
  }
}

async function smaller(manager: ManagerName, archive: Accepted): Promise<Buffer> {
  return shrink(archive.tgz, async (tgz) => {
    const one = accepted(archive.id, tgz);
    return one !== undefined && (await installed(manager, [one])).disagreements.length > 0;
  });
}
