import type { ReaderRule, TreeRule } from '../rule.ts';
import { readerRule } from '../table-rows.ts';
import { shortNameCollision } from './short-name-collision.ts';

export const duplicatesRules: readonly (ReaderRule | TreeRule)[] = [
  readerRule(['formats/format.ts', 'rules/apply.ts'], {
    id: 'duplicate-path',
    level: 'error',
    summary:
      'Two entries with different content have the same path; managers install the last one, other tools may show the first',
    advice: {
      forUsers:
        "Do not install it: the file that a registry's viewer or a scanner shows may be the first, and the one that is installed is the last.",
      forPublishers:
        'Look for the file twice in what you pack; a build that writes while packing is a known cause.',
    },
  }),
  readerRule(['formats/format.ts'], {
    id: 'duplicate-path-identical',
    level: 'note',
    summary: 'Two entries with the same content have the same path',
    advice: {
      forUsers: 'Nothing needs doing: whichever is kept, the file is the same.',
      forPublishers: 'Repack with a current packaging tool, which lists each file once.',
    },
  }),
  readerRule(['rules/apply.ts'], {
    id: 'repeated-directory',
    level: 'warning',
    elsewhere: {
      pypi: {
        level: 'note',
        why: 'pip, uv and other installers make a folder once, or none at all; uv writes the entry of `.dist-info` behind what lies in it.',
      },
    },
    summary: 'The entry makes a folder that is already there, on which some extractors fail',
    advice: {
      forUsers: 'Nothing needs doing: installers make the folder once.',
      forPublishers: 'List each folder once, or none at all.',
      elsewhere: {
        npm: {
          forUsers:
            'Nothing needs doing, except with Yarn 3 and 4, which cannot install it: all others make the folder once.',
          forPublishers: 'Pack again with `npm pack`, which writes no entries for folders.',
        },
        rubygems: {
          forUsers:
            'Do not install it: RubyGems deletes the folder, and what was unpacked into it, before it makes it again.',
          forPublishers: 'Build the gem with `gem build`, which writes no entries for folders.',
        },
      },
    },
  }),
  readerRule(['rules/apply.ts'], {
    id: 'case-collision',
    level: 'error',
    summary: 'Two paths differ only in case, so one overwrites the other on Windows and macOS',
    advice: {
      forUsers:
        'Do not install it on Windows or macOS, where one file replaces the other. For a package that you know, an exception is one line.',
      forPublishers: 'Rename one of the files.',
    },
  }),
  readerRule(['rules/apply.ts'], {
    id: 'unicode-collision',
    level: 'error',
    summary:
      'Two paths differ only in how Unicode is written, so one overwrites the other on macOS',
    advice: {
      forUsers:
        'Do not install it on macOS, where one file replaces the other; report it to its maintainers.',
      forPublishers:
        'Rename one of the files, so that they differ in more than the spelling of an accent.',
    },
  }),
  shortNameCollision,
  readerRule(['rules/apply.ts'], {
    id: 'file-directory-conflict',
    level: 'error',
    summary: 'One path is a file for one entry and a folder for another',
    advice: {
      forUsers:
        'Do not install it: which of the two is left depends on the manager, and some fail.',
      forPublishers: 'Rename the file or the folder.',
    },
  }),
];
