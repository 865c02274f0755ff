import type { GemPackage } from '../../metadata/gem-package.ts';
import type { MetadataRule } from '../../rules/rule.ts';

/** A rule about what a gem says of itself. */
export type GemspecRule = MetadataRule<GemPackage>;
