import type { MetadataRule } from '../../rules/rule.ts';
import type { WheelPackage } from './wheel-package.ts';

/** A rule about the metadata of a wheel. */
export type WheelRule = MetadataRule<WheelPackage>;
