import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';
import { COLOUR_OPTIONS } from '../common-options.ts';

export const RULES_OPTIONS = {
  json: { description: 'print JSON' },
  ...COLOUR_OPTIONS,
} as const satisfies OptionDefinitions;

export const rules: Described<typeof RULES_OPTIONS> = {
  name: 'rules',
  summary: 'list the rules, or print the pages of some',
  group: 'Reference',
  description: [
    'Lists each rule with its level and what it objects to; with ids, prints their pages: what it is, why it matters, what to do, an example.',
  ],
  examples: ['tarwarden rules', 'tarwarden rules symlink', 'tarwarden rules --json'],
  arguments: [
    { syntax: '[id...]', description: 'rules whose pages are printed', complete: 'rules' },
  ],
  options: RULES_OPTIONS,
  exitCodes: [
    ['0', 'printed'],
    ['2', 'there is no such rule, or wrong usage'],
  ],
};
