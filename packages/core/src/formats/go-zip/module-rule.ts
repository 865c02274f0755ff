import type { GoModule } from '../../metadata/go-module.ts';
import type { MetadataRule } from '../../rules/rule.ts';

/** A rule about what a module zip says of itself. */
export type ModuleRule = MetadataRule<GoModule>;
