import { layoutRules } from '../../rules/layout/index.ts';
import type { Rule } from '../../rules/rule.ts';
import { defineFormat, type PackageFormat } from '../format.ts';
import { definition } from './format.ts';

const ofLayout: ReadonlySet<unknown> = new Set<Rule>(layoutRules);

/** A package as `git archive` writes it, compressed by the caller. Its entries are in no first folder. */
export const gitTar: PackageFormat = defineFormat({
  ...definition,
  layout: 'whole',
  rules: definition.rules.filter((rule) => !ofLayout.has(rule)),
});
