/* The ecosystems besides npm. Each is loaded with its first package. */
import type { LockfileEntry } from '../plan.ts';
import type { AuditOptions } from '../auditor.ts';
import type { ArchiveFinder } from './archives.ts';

export type EcosystemOptions = Pick<AuditOptions, 'env' | 'offline' | 'policy' | 'root' | 'reach'>;

export class Ecosystems {
  readonly #options: EcosystemOptions;
  readonly #loaded = new Map<string, Promise<ArchiveFinder>>();

  constructor(options: EcosystemOptions) {
    this.#options = options;
  }

  /** @throws TarwardenError if a settings file cannot be read. */
  for(entry: LockfileEntry): Promise<ArchiveFinder> {
    const { ecosystem } = entry.locked;
    // Only Gemfiles have settings of their own.
    const key = ecosystem === 'rubygems' ? `${ecosystem} ${entry.folder}` : ecosystem;
    let loaded = this.#loaded.get(key);
    if (loaded === undefined) {
      loaded = this.#load(entry);
      this.#loaded.set(key, loaded);
    }
    return loaded;
  }

  async #load({ locked: { ecosystem }, folder }: LockfileEntry): Promise<ArchiveFinder> {
    switch (ecosystem) {
      case 'go':
        return new (await import('./go/go-modules.ts')).GoModules(this.#options);
      case 'pypi':
        return new (await import('./pypi/pypi.ts')).Pypi(this.#options);
      case 'rubygems':
        return new (await import('./gems/gems.ts')).Gems({ ...this.#options, folder });
      case 'npm':
        throw new TypeError('npm has registries');
    }
  }
}
