import type { ManifestFacts } from '../finding/verdict.ts';
import type { Body } from '../tree/body.ts';
import type { PackageTree } from '../tree/tree.ts';
import { parseGemspec, type Gemspec } from './gemspec.ts';
import type { Metadata } from './metadata.ts';

/** The metadata of a gem: the gemspec beside its content. */
export class GemPackage implements Metadata {
  readonly tree: PackageTree;
  gemspec: Gemspec | undefined;

  constructor(tree: PackageTree) {
    this.tree = tree;
  }

  get claimed(): ManifestFacts | undefined {
    return this.gemspec?.ok ? this.gemspec : undefined;
  }

  describe(document: Buffer): void {
    this.gemspec = parseGemspec(document);
  }

  bodyFor(): Body | undefined {
    return undefined;
  }

  end(): void {}
}
