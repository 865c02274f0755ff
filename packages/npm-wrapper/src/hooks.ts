import { createRequire } from 'node:module';
import { interceptAll, InterceptError, type Interception } from '@tarwarden/guarded-run';
import { arboristInterceptions } from './arborist.ts';
import type { Hooked } from './hooked.ts';
import type { NpmGuard } from './npm-guard.ts';
import { execInterceptions } from './npx.ts';
import { pacoteInterceptions } from './pacote.ts';
import { refuse } from './refuse.ts';
import { tarInterceptions } from './unpack.ts';

/** A module of npm, as its loader keeps it. npm gets the `exports` that are there in the end. */
export interface LoadedModule {
  exports: unknown;
}

interface Hook {
  /** Modules that it uses. They must have been loaded under guard before it. */
  readonly needs: readonly Hooked[];
  /** Methods that are replaced in it, and methods without which this npm cannot be guarded. */
  readonly list: (module: LoadedModule, guard: NpmGuard, file: string) => readonly Interception[];
}

/** Everything that the guard replaces in npm. */
export const HOOKS: Readonly<Record<Hooked, Hook>> = {
  tar: { needs: [], list: tarInterceptions },
  pacote: { needs: ['tar'], list: pacoteInterceptions },
  '@npmcli/arborist': { needs: ['pacote'], list: arboristInterceptions },
  libnpmexec: { needs: [], list: execInterceptions },
};

/** Gets the guard into npm's modules as they are loaded, each once. */
export class NpmHooks {
  readonly #guard: NpmGuard;
  readonly #loaded = new Set<Hooked>();
  /** By the exports of a module: the exports that npm gets instead. */
  readonly #given = new WeakMap<object, unknown>();

  constructor(guard: NpmGuard) {
    this.#guard = guard;
  }

  /** Called with the exports of a module that npm loads. Returns the exports that npm gets. Ends an npm that cannot be guarded. */
  loaded(name: Hooked, exports: unknown, file: string): unknown {
    const key = Object(exports) as object;
    if (this.#given.has(key)) return this.#given.get(key);
    const { needs, list } = HOOKS[name];
    for (const need of needs) this.#see(need, file);
    const module: LoadedModule = { exports };
    try {
      interceptAll(list(module, this.#guard, file));
    } catch (error) {
      if (!(error instanceof InterceptError)) throw error;
      refuse(`${name} at ${file} is not supported: ${error.message}`);
    }
    this.#loaded.add(name);
    this.#given.set(key, module.exports);
    return module.exports;
  }

  /** Loads a module that another one uses, so that it passes here first. */
  #see(need: Hooked, file: string): void {
    try {
      createRequire(file)(need);
    } catch {
      // Reported below.
    }
    if (!this.#loaded.has(need)) refuse(`npm's ${need} was not seen, which ${file} uses`);
  }
}
