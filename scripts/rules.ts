// The first half of `pnpm rules`: writes the union of rule ids, the head of each rule's page, and the tables of the pages' index.
// It also writes the table of docs/presets.md.
// It replaces no text that a person wrote: a paragraph of advice that differs from the rule stays, and the command fails.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '@tarwarden/core';
import {
  readPage,
  ruleIdUnion,
  withAdvice,
  withHead,
  withTables,
} from '../test/support/rule-pages.ts';
import { presetPage, withPresetTable } from '../test/support/preset-page.ts';
import { root } from './workspace.mjs';

const writePage = (name: string, text: string): void =>
  writeFileSync(join(root, 'docs/rules', name), text);

writeFileSync(join(root, 'packages/core/src/finding/rule-id.ts'), ruleIdUnion());
writePage('README.md', withTables(readPage('README.md')));
for (const rule of Object.values(rules)) {
  const name = `${rule.id}.md`;
  const text = withHead(readPage(name), rule);
  writePage(name, text);
  if (withAdvice(text, rule) === text) continue;
  console.error(
    `docs/rules/${name}: a paragraph of advice differs from the rule. Change the rule, or delete the paragraph and run this command again, which then writes the advice of the rule.`,
  );
  process.exitCode = 1;
}
writeFileSync(presetPage, withPresetTable());
