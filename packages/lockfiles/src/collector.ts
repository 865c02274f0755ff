import { quote } from '@tarwarden/core/text';
import { MAX_FIELD_CHARS, MAX_LOCKED_PACKAGES, MAX_LOCKFILE_PROBLEMS } from './limits.ts';
import type { LockedIndex, LockedPackage, LockfileProblem } from './lockfile.ts';

/** The packages and problems of one lockfile while it is read. */
export class Collector {
  readonly packages: LockedPackage[] = [];
  readonly problems: LockfileProblem[] = [];
  readonly indexes: LockedIndex[] = [];
  readonly #seen = new Set<string>();
  #full = false;

  /** Adds a package, once: lockfiles name many a package in several places. */
  add(one: LockedPackage): void {
    if (this.#full) return;
    if ([one.name, one.version, one.key, JSON.stringify(one.source)].some(isTooLong)) {
      this.problem(one.line, 'an entry has a name, a version or an address that is too long');
      return;
    }
    const same = JSON.stringify([one.name, one.version, one.source, one.integrity ?? null]);
    if (this.#seen.has(same)) return;
    if (this.packages.length === MAX_LOCKED_PACKAGES) {
      this.#full = true;
      this.problem(one.line, `more than ${MAX_LOCKED_PACKAGES} packages; the others were not read`);
      return;
    }
    this.#seen.add(same);
    this.packages.push(one);
  }

  problem(line: number, message: string): void {
    const { length } = this.problems;
    if (length < MAX_LOCKFILE_PROBLEMS) this.problems.push({ line, message });
    else if (length === MAX_LOCKFILE_PROBLEMS)
      this.problems.push({ line, message: 'more problems follow, which are not listed' });
  }

  /** An entry that cannot be read. */
  unread(line: number, key: string, why: string): void {
    this.problem(line, `the entry ${quote(key)} ${why}`);
  }
}

function isTooLong(text: string): boolean {
  return text.length > MAX_FIELD_CHARS;
}
