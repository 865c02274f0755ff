/* The words of pnpm-lock.yaml about packages, from `packages` and, in version 9, `snapshots`. */
import { pnpmLockedClaim, removesPackages, type NpmClaim } from '@tarwarden/core/metadata';
import { isMapping, mappingField, type Mapping } from '../yaml-documents.ts';

const CLAIMED = [
  'os',
  'cpu',
  'libc',
  'peerDependencies',
  'dependencies',
  'optionalDependencies',
  'bundledDependencies',
];

/** Whether settings of the project may remove dependencies. pnpm takes an empty list for none. */
function isReshaped(document: Mapping): boolean {
  const { overrides, pnpmfileChecksum, ignoredOptionalDependencies: ignored } = document;
  const ignores = Array.isArray(ignored) && ignored.length > 0;
  return removesPackages(overrides) || pnpmfileChecksum !== undefined || ignores;
}

export class PnpmWords {
  /** The names that some snapshot of a package depends on, by its key. Snapshots differ by their peers. */
  readonly #snapshots = new Map<string, Mapping>();
  readonly #isWhole: boolean;

  constructor(document: Mapping) {
    this.#isWhole = !isReshaped(document);
    for (const [key, snapshot] of Object.entries(mappingField(document, 'snapshots'))) {
      const id = key.replace(/\(.*$/s, '');
      if (isMapping(snapshot) && !this.#snapshots.has(id)) this.#snapshots.set(id, snapshot);
    }
  }

  of(key: string, entry: Mapping): NpmClaim {
    const all = { ...entry, ...this.#snapshots.get(key) };
    const fields = Object.entries(all).filter(([name]) => CLAIMED.includes(name));
    return pnpmLockedClaim(Object.fromEntries(fields), this.#isWhole);
  }
}
