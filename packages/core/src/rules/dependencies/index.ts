import {
  dependencyOutsideRegistry,
  type OutsideDependencies,
} from './dependency-outside-registry.ts';
import type { MetadataRule } from '../rule.ts';

export const dependenciesRules: readonly MetadataRule<OutsideDependencies>[] = [
  dependencyOutsideRegistry,
];
