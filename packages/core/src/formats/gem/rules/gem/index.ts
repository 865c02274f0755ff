import type { EntryRule, ReaderRule, TreeRule } from '../../../../rules/rule.ts';
import { unreadableFormat } from '../../../../rules/gzip/index.ts';
import { readerRule, STOPS, withCodes } from '../../../../rules/table-rows.ts';
import { gemHomePath } from './gem-home-path.ts';
import { gemLinkEscapes } from './gem-link-escapes.ts';
import { gemFolderDeleted } from './gem-folder-deleted.ts';
import { gemFolderWritable } from './gem-folder-writable.ts';

const headerAmbiguous = withCodes({
  id: 'gem-header-ambiguous',
  level: 'error',
  summary: 'RubyGems reads a header of the gem in another way than other tools',
  advice: {
    forUsers:
      'Do not install it: RubyGems stops in the middle of the gem, deletes a file, or installs other files than other tools show.',
    forPublishers:
      'Build the gem with `gem build`, which writes no PAX or GNU headers; tools of your own have to write numbers in octal.',
  },
});

export const gemArchiveRules: readonly (EntryRule | ReaderRule | TreeRule)[] = [
  readerRule(['formats/gem/read.ts'], {
    id: 'gem-checksum-mismatch',
    level: 'error',
    summary: 'The checksums in the gem do not match its files',
    advice: {
      forUsers:
        'Download it again. If the checksums are still wrong, somebody changed the gem after it was built: do not install it.',
      forPublishers: 'Build the gem again; do not change a gem that is built.',
    },
  }),
  readerRule(['formats/gem/read.ts'], {
    id: 'gem-checksum-missing',
    level: 'note',
    summary: 'The gem has no checksum for one of its files',
    advice: {
      forUsers:
        'You need not do anything: RubyGems wrote none before 2013. The checksum in Gemfile.lock covers the whole gem.',
      forPublishers: 'Build the gem with a RubyGems of after 2013.',
    },
  }),
  readerRule(
    ['formats/gem/header-check.ts'],
    headerAmbiguous(
      'gem-extended-header',
      'The archive has a PAX or GNU header, which RubyGems treats as a file of the gem',
    ),
  ),
  gemHomePath,
  gemLinkEscapes,
  readerRule(['formats/gem/outer.ts', 'formats/gem/read.ts'], {
    id: 'gem-member',
    level: 'error',
    stopsReading: true,
    summary: 'The outer archive does not consist of the files of a gem, each exactly once',
    advice: {
      forUsers:
        'Do not install it: RubyGems uses one of the files, and another tool may show you a different one. Compare the checksum with that of the source.',
      forPublishers: 'Build the gem with `gem build`, and put nothing into it afterwards.',
    },
  }),
  readerRule(
    ['formats/gem/read.ts'],
    unreadableFormat('gem-not-tar', 'The file is not a tar archive, as every gem is', {
      ...STOPS,
      advice: {
        forUsers:
          'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the source. A gem of the oldest format is Ruby code: do not install it.',
        forPublishers: 'Build the gem with `gem build`.',
      },
    }),
  ),
  readerRule(
    ['formats/gem/header-check.ts'],
    headerAmbiguous(
      'gem-header',
      'A header has a field that RubyGems reads in another way than other tools',
    ),
  ),
  gemFolderDeleted,
  gemFolderWritable,
];
