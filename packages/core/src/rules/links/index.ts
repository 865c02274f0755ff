import type { ReaderRule, TreeRule } from '../rule.ts';
import { readerRule } from '../table-rows.ts';
import { escapingLink } from './escaping-link.ts';
import { bundledLink } from './bundled-link.ts';

export const writeThroughLink: ReaderRule = readerRule(['rules/apply.ts'], {
  id: 'write-through-link',
  level: 'error',
  summary: 'An entry would be written through a link of the archive',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: an extractor that follows the link writes to the file that the link points to.',
    forPublishers: 'Ship files instead of links.',
  },
});

export const linksRules: readonly (ReaderRule | TreeRule)[] = [
  writeThroughLink,
  escapingLink,
  bundledLink,
];
