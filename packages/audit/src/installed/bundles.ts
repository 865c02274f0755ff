/*
 * A package may bring others in its archive. Once this archive was inspected, it is known which packages came in it, and these are
 * compared as files of it. Until then, checks about the inner packages wait here.
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

  /** Yields the checks of inner packages that came in no archive. If the outer package was not inspected, its own result says so, and nothing is known about the inner ones. */
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
