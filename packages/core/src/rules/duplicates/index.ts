import type { ReaderRule, TreeRule } from '../rule.ts';
import { readerRule } from '../table-rows.ts';
import { nameCollision, shortNameCollision } from './name-collision.ts';

export const duplicatesRules: readonly (ReaderRule | TreeRule)[] = [
  readerRule(['formats/format.ts', 'rules/apply.ts'], {
    id: 'duplicate-path',
    level: 'error',
    summary:
      'Two entries with different content have the same path: managers install the last one, but other tools may show the first',
    advice: {
      forUsers:
        'Do not install it: the viewer of a registry or a scanner may show the first file, but managers install the last one.',
      forPublishers:
        'Find out why the file is packed twice. A build that writes files during packing is a known cause.',
    },
  }),
  readerRule(['formats/format.ts'], {
    id: 'duplicate-path-identical',
    level: 'note',
    summary: 'Two entries with the same content have the same path',
    advice: {
      forUsers: 'You need not do anything, because both entries have the same content.',
      forPublishers: 'Repack with a current packaging tool, which lists each file once.',
    },
  }),
  readerRule(['rules/apply.ts'], {
    id: 'repeated-directory',
    level: 'warning',
    elsewhere: {
      pypi: {
        level: 'note',
        why: 'pip, uv and other installers accept it; uv itself writes the entry of `.dist-info` after the entries in it.',
      },
    },
    summary: 'The entry creates a folder that already exists, and some extractors fail there',
    advice: {
      forUsers: 'You need not do anything, because installers create the folder once.',
      forPublishers: 'List each folder once, or none at all.',
      elsewhere: {
        npm: {
          forUsers:
            'You need not do anything, because installers create the folder once. Only Yarn 3 and 4 cannot install the package.',
          forPublishers: 'Pack again with `npm pack`, which writes no entries for folders.',
        },
        rubygems: {
          forUsers:
            'Do not install it: RubyGems deletes the folder and the files in it before it creates the folder again.',
          forPublishers: 'Build the gem with `gem build`, which writes no entries for folders.',
        },
      },
    },
  }),
  readerRule(
    ['rules/apply.ts'],
    nameCollision(
      'case-collision',
      'Two paths differ only in case, so one overwrites the other on Windows and macOS',
    ),
  ),
  readerRule(
    ['rules/apply.ts'],
    nameCollision(
      'unicode-collision',
      'Two paths differ only in how Unicode is written, so one overwrites the other on macOS',
    ),
  ),
  shortNameCollision,
  readerRule(['rules/apply.ts'], {
    id: 'file-directory-conflict',
    level: 'error',
    summary: 'One path is a file for one entry and a folder for another',
    advice: {
      forUsers: 'Do not install it: managers keep different ones of the two, and some fail.',
      forPublishers: 'Rename the file or the folder.',
    },
  }),
];
