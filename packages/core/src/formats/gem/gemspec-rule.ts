import type { GemPackage } from '../../metadata/gem-package.ts';
import type { MetadataRule } from '../../rules/rule.ts';

/** A rule about the metadata of a gem. */
export type GemspecRule = MetadataRule<GemPackage>;
