import type { GoModule } from '../../metadata/go-module.ts';
import type { MetadataRule } from '../../rules/rule.ts';

/** A rule about the metadata of a module zip. */
export type ModuleRule = MetadataRule<GoModule>;
