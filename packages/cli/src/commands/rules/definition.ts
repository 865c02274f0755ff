import {
  reporterOptions,
  type Described,
  type OptionDefinitions,
} from '@tarwarden/host/command-line';

export const RULES_OPTIONS = {
  ...reporterOptions('text', 'json'),
} as const satisfies OptionDefinitions;

export const rules: Described<typeof RULES_OPTIONS> = {
  name: 'rules',
  summary: 'list the rules, or print the pages of some of them',
  group: 'Reference',
  printsData: true,
  description: [
    'Without an id, lists each rule with its level and a summary. With ids, prints the page of each rule: what the rule reports, why it matters, what you can do, and an example.',
  ],
  examples: ['tarwarden rules', 'tarwarden rules symlink', 'tarwarden rules --json'],
  arguments: [
    { syntax: '[id...]', description: 'the rules whose pages to print', complete: 'rules' },
  ],
  options: RULES_OPTIONS,
  exitCodes: [
    ['0', 'the rules were printed'],
    ['2', 'there is no such rule, or the command line is wrong'],
  ],
};
