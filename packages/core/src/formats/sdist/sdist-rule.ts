import type { SdistPackage } from '../../metadata/pypi/sdist-package.ts';
import type { MetadataRule } from '../../rules/rule.ts';

/** A rule about what an sdist says of itself. */
export type SdistRule = MetadataRule<SdistPackage>;
