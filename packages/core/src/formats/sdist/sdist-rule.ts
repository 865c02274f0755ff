import type { SdistPackage } from '../../metadata/pypi/sdist-package.ts';
import type { MetadataRule } from '../../rules/rule.ts';

/** A rule about the metadata of an sdist. */
export type SdistRule = MetadataRule<SdistPackage>;
