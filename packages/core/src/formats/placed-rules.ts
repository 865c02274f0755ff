import { duplicatesRules } from '../rules/duplicates/index.ts';
import { gitRules } from '../rules/git/index.ts';
import { limitsRules } from '../rules/limits/index.ts';
import { modesRules } from '../rules/modes/index.ts';
import { namesRules } from '../rules/names/index.ts';
import { pathsRules } from '../rules/paths/index.ts';
import type { EntryRule, ReaderRule, TreeRule } from '../rules/rule.ts';
import { typesRules } from '../rules/types/index.ts';

/** Rules about entries and where they are written, for every format that writes files. */
export const placedRules: readonly (EntryRule | ReaderRule | TreeRule)[] = [
  ...typesRules,
  ...pathsRules,
  ...namesRules,
  ...limitsRules,
  ...modesRules,
  ...gitRules,
  ...duplicatesRules,
];
