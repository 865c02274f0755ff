import { quote } from '@tarwarden/core/text';
import {
  MAX_FIELD_CHARS,
  MAX_LOCKED_PACKAGES,
  MAX_LOCKFILE_PROBLEMS,
  MAX_RESOLUTIONS,
} from './limits.ts';
import type { LockedIndex, LockedPackage, LockfileProblem, LockedResolution } from './lockfile.ts';

type Unresolved = Omit<LockedResolution, 'to'>;

/** Collects the packages and problems of a lockfile while it is read. */
export class Collector {
  readonly packages: LockedPackage[] = [];
  readonly problems: LockfileProblem[] = [];
  readonly indexes: LockedIndex[] = [];
  readonly resolutions: LockedResolution[] = [];
  readonly importers: Set<string> = new Set();
  readonly #packageByFacts = new Map<string, LockedPackage>();
  #full = false;
  #resolved = false;

  /** Adds a package, unless an equal one is already there. Returns the one in the list. Undefined if there is none. */
  add(locked: LockedPackage): LockedPackage | undefined {
    const { name, version, source, line, key, integrity = null, hasShrinkwrap = false } = locked;
    if ([name, version, key, JSON.stringify(source)].some(isTooLong)) {
      this.problem(line, 'an entry has a name, a version or an address that is too long');
      return undefined;
    }
    const { brings = [], platforms = null, conditional = false, claim = null } = locked;
    const facts = [
      name,
      version,
      source,
      integrity,
      hasShrinkwrap,
      brings,
      platforms,
      conditional,
      // Two entries may say different things about one archive.
      claim?.document,
    ];
    const factsKey = JSON.stringify(facts);
    const earlier = this.#packageByFacts.get(factsKey);
    if (earlier !== undefined || this.#full) return earlier;
    if (this.packages.length === MAX_LOCKED_PACKAGES) {
      this.#full = true;
      this.problem(line, `more than ${MAX_LOCKED_PACKAGES} packages; the others were not read`);
      return undefined;
    }
    this.#packageByFacts.set(factsKey, locked);
    this.packages.push(locked);
    return locked;
  }

  /** Adds the package that a request gets. If there is none, its problem was added before. */
  resolve({ to, ...request }: Unresolved & { to: LockedPackage | undefined }): void {
    if (to === undefined || [request.name, request.range ?? ''].some(isTooLong)) return;
    const { length } = this.resolutions;
    if (length < MAX_RESOLUTIONS) this.resolutions.push({ ...request, to });
    else if (length === MAX_RESOLUTIONS && !this.#resolved) {
      this.#resolved = true;
      this.problem(request.line, `more than ${MAX_RESOLUTIONS} answers; the others were not read`);
    }
  }

  problem(line: number, message: string): void {
    const { length } = this.problems;
    if (length < MAX_LOCKFILE_PROBLEMS) this.problems.push({ line, message });
    else if (length === MAX_LOCKFILE_PROBLEMS)
      this.problems.push({ line, message: 'more problems follow, which are not listed' });
  }

  /** Adds a problem: an entry that cannot be read. */
  unread(line: number, key: string, reason: string): void {
    this.problem(line, `the entry ${quote(key)} ${reason}`);
  }
}

function isTooLong(text: string): boolean {
  return text.length > MAX_FIELD_CHARS;
}
