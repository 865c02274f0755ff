// Written by `pnpm rules`, from the files beside it.
import type { ReaderRule, TreeRule } from '../rule.ts';
import { rule as writeThroughLink } from './write-through-link.ts';
import { rule as escapingLink } from './escaping-link.ts';
import { rule as bundledLink } from './bundled-link.ts';

export const linksRules: readonly (ReaderRule | TreeRule)[] = [
  writeThroughLink,
  escapingLink,
  bundledLink,
];
