/*
 * Packages inside of one that says that it brings others. Whether they came in its archive is known when that was inspected: then they
 * are compared as files of that one. Until then, what was found about them waits.
 */
import { relative, sep } from 'node:path';
import type { FileHashes } from '../compare/archive-files.ts';
import type { Check } from '../result.ts';
import type { InstalledFolder } from './walk.ts';

interface WaitingChecks {
  readonly installedPackage: InstalledFolder;
  readonly checks: readonly Check[];
}

export class Bundles {
  readonly #bundlers: ReadonlySet<string>;
  readonly #archives = new Map<string, FileHashes>();
  readonly #waiting: WaitingChecks[] = [];

  constructor(packages: readonly InstalledFolder[]) {
    this.#bundlers = new Set(packages.flatMap(({ within }) => within ?? []));
  }

  inspected(folder: string, files: FileHashes): void {
    if (this.#bundlers.has(folder)) this.#archives.set(folder, files);
  }

  wait(installedPackage: InstalledFolder, checks: readonly Check[]): void {
    if (checks.length > 0) this.#waiting.push({ installedPackage, checks });
  }

  /** What holds of those that came in no archive. Nothing is known of them where the one around them was not inspected, which has a result of its own. */
  *settled(): Generator<WaitingChecks> {
    for (const waiting of this.#waiting) {
      const { folder, within = '' } = waiting.installedPackage;
      const files = this.#archives.get(within);
      const path = `${relative(within, folder).split(sep).join('/')}/`;
      if (files !== undefined && ![...files.keys()].some((file) => file.startsWith(path)))
        yield waiting;
    }
  }
}
