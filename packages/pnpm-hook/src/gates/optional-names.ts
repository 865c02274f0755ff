/*
 * Which packages are asked for by optional dependencies alone. pnpm leaves those out that are for another machine,
 * and does so for no others; the manifests that pass by say who asks how.
 */
import type { PnpmManifest } from '../pnpm-shapes.ts';
import type { PnpmSource } from '../source.ts';

export class OptionalNames {
  readonly #regular = new Set<string>();
  readonly #optional = new Set<string>();
  readonly #skipped = new Map<string, PnpmSource[]>();

  /** Takes note of what a manifest asks for. What was skipped and turns out to be wanted after all is returned. */
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

/** `npm:real@^1.0.0` under an alias asks for `real`. */
function nameOf(alias: string, range: string): string {
  return /^npm:(@?[^@]+)(?:@|$)/.exec(range)?.[1] ?? alias;
}
