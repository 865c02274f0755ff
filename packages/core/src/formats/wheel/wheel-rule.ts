import type { MetadataRule } from '../../rules/rule.ts';
import type { WheelPackage } from './wheel-package.ts';

/** A rule about what a wheel says of itself. */
export type WheelRule = MetadataRule<WheelPackage>;
