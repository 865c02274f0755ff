/* Changes to Yarn under --confine, which runs it in two phases. */
import { closeSync, constants, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { confinedPhase, type ConfinedPhase } from '@tarwarden/guarded-run';
import { text, type YarnConfig, type YarnRemote } from './yarn.ts';

/** Yarn copies a folder into its cache at each install. It cannot write its cache in the phase in which scripts run. */
const COPIES = 'tarwarden-copies';

export class ConfinedYarn {
  readonly #phase: ConfinedPhase | undefined;

  constructor(env: NodeJS.ProcessEnv) {
    this.#phase = confinedPhase(env);
  }

  /** Whether Yarn runs the scripts of packages that are already installed. The first phase has not run them. */
  buildsAll(): boolean {
    return this.#phase === 'scripts';
  }

  /** Whether Yarn reads a file of settings. It would fail at a file that it may not open. */
  reads(file: string): boolean {
    if (this.#phase === undefined) return true;
    try {
      closeSync(openSync(file, constants.O_RDONLY | constants.O_NONBLOCK));
      return true;
    } catch (error) {
      return !['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
    }
  }

  /** The folder of the cache for a package. */
  cacheOf({ cacheFolder }: YarnConfig, { remote, _remote }: Cached): unknown {
    return this.holdsCopy(remote ?? _remote) ? join(tmpdir(), COPIES) : cacheFolder;
  }

  holdsCopy(remote: YarnRemote | undefined): boolean {
    return this.#phase === 'scripts' && text(remote?.type) === 'copy';
  }

  /** Why Yarn must not run the scripts of a git repository. Undefined if it may. */
  refusesToPrepare(): string | undefined {
    return this.#phase === undefined || this.#phase === 'whole'
      ? undefined
      : 'it has a "prepare" script, which Yarn 1 runs while it fetches: scripts would run with the network and your tokens';
  }
}

interface Cached {
  readonly remote?: YarnRemote;
  readonly _remote?: YarnRemote;
}
