import { reporterOptions, type Described } from '@tarwarden/guard/command-line';

export const definition = {
  name: 'rules',
  summary: 'list the rules, or print the pages of some of them',
  group: 'Reference',
  printsData: true,
  description: [
    'Without an id, lists each rule with its level and a summary. With ids, prints the page of each rule: what the rule reports, why it matters, what you can do, and an example.',
    'With --preset, lists the rules that the preset makes errors, with the level without the preset. `strict` is the newest version of the preset, and `strict@1` is version 1.',
  ],
  examples: [
    'tarwarden rules',
    'tarwarden rules symlink',
    'tarwarden rules --json',
    'tarwarden rules --preset strict',
  ],
  arguments: [
    { syntax: '[id...]', description: 'the rules whose pages to print', complete: 'rules' },
  ],
  options: {
    preset: {
      value: 'name',
      description: 'list the rules that a preset of a policy file makes errors',
    },
    ...reporterOptions('text', 'json'),
  },
  exitCodes: {
    '0': 'the rules were printed',
    '2': 'tarwarden knows no rule or preset of this name, or the command line is wrong',
  },
} as const satisfies Described;
