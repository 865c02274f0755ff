/*
 * Knows the packages that only optional dependencies name. pnpm leaves out only such packages if they are for another machine. The
 * manifests that pnpm shows say which dependencies are optional.
 */
import type { PnpmManifest } from '../pnpm-shapes.ts';
import type { PnpmSource } from '../source.ts';

export class OptionalNames {
  readonly #regular = new Set<string>();
  readonly #optional = new Set<string>();
  readonly #skipped = new Map<string, PnpmSource[]>();

  /** Notes the dependencies of a manifest. Returns packages that were skipped and are needed after all. */
  see(manifest: PnpmManifest): PnpmSource[] {
    const optional = manifest.optionalDependencies ?? {};
    for (const [alias, range] of Object.entries(optional)) this.#optional.add(nameOf(alias, range));
    const due: PnpmSource[] = [];
    const { dependencies, devDependencies, peerDependencies } = manifest;
    for (const [alias, range] of Object.entries({
      ...peerDependencies,
      ...devDependencies,
      ...dependencies,
    })) {
      if (alias in optional) continue;
      const name = nameOf(alias, range);
      this.#regular.add(name);
      due.push(...(this.#skipped.get(name) ?? []));
      this.#skipped.delete(name);
    }
    return due;
  }

  onlyOptional(name: string): boolean {
    return this.#optional.has(name) && !this.#regular.has(name);
  }

  maybeOptional(name: string): boolean {
    return this.#optional.has(name);
  }

  skip(name: string, source: PnpmSource): void {
    this.#skipped.set(name, [...(this.#skipped.get(name) ?? []), source]);
  }
}

/** The name of the package: `npm:real@^1.0.0` under an alias means `real`. */
function nameOf(alias: string, range: string): string {
  return /^npm:(@?[^@]+)(?:@|$)/.exec(range)?.[1] ?? alias;
}
