import type { TreeRule, EntryRule, ReaderRule } from '../../../../rules/rule.ts';
import { quote } from '../../../../text/printable.ts';
import { Typeflag, type Entry, Trait } from '../../../../containers/entry.ts';
import { unsafePath } from '../../../../metadata/manifest.ts';
import { LinkWalk, type Link } from '../../../../tree/links.ts';
import { unreadableFormat } from '../../../../rules/gzip/index.ts';
import { advice, readerRules, STOPS } from '../../../../rules/table-rows.ts';

/** Write access for the group and for others. */
const WRITABLE = 0o022;

function isWritable({ typeflag, mode }: Entry): boolean {
  return typeflag === Typeflag.Directory && mode >= 0 && (mode & WRITABLE) !== 0;
}

/** Checks the path of the link as RubyGems does. */
function asWritten({ key, entry }: Link): string | undefined {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  return unsafePath(folder + entry.linkpath);
}

export const gemArchiveRules: readonly (EntryRule | ReaderRule | TreeRule)[] = [
  {
    id: 'gem-checksum-mismatch',
    level: 'error',
    summary: 'The checksums in the gem do not match its files',
    advice: advice(
      'Download it again. If the checksums are still wrong, somebody changed the gem after it was built: do not install it.',
      'Build the gem again; do not change a gem that is built.',
    ),
  },
  {
    id: 'gem-checksum-missing',
    level: 'note',
    summary: 'The gem has no checksum for one of its files',
    advice: advice(
      'You need not do anything: RubyGems wrote none before 2013. The checksum in Gemfile.lock covers the whole gem.',
      'Build the gem with a RubyGems of after 2013.',
    ),
  },
  ...readerRules({
    id: 'gem-header-ambiguous',
    level: 'error',
    summary: 'RubyGems reads a header of the gem in another way than other tools',
    advice: advice(
      'Do not install it: RubyGems stops in the middle of the gem, deletes a file, or installs other files than other tools show.',
      'Build the gem with `gem build`, which writes no PAX or GNU headers; tools of your own have to write numbers in octal.',
    ),
    problems: {
      'gem-extended-header':
        'The archive has a PAX or GNU header, which RubyGems treats as a file of the gem',
      'gem-header': 'A header has a field that RubyGems reads in another way than other tools',
    },
  }),
  {
    kind: 'entry',
    id: 'gem-home-path',
    level: 'error',
    summary:
      'A path or the target of a link begins with `~`, which RubyGems reads as a home folder',
    advice: advice(
      'Do not install it: RubyGems writes the file to a home folder, and other tools write it into the gem.',
      'Rename the file.',
    ),
    traits: Trait.TrustedName | Trait.SpecialType,
    check: ({ path, typeflag, linkpath }) => {
      if (path.startsWith('~')) return quote(path);
      return typeflag === Typeflag.Symlink && linkpath.startsWith('~')
        ? `to ${quote(linkpath)}`
        : undefined;
    },
  },
  // `escaping-link` checks where a link leads if all other links are followed. RubyGems looks at the path alone, and refuses a link if
  // that path leads out. This rule checks both for gems, under every policy. The second check would reject links in sdists that Python
  // follows. Hard links, which `escaping-link` checks as well, are always an error in a gem.
  {
    kind: 'tree',
    id: 'gem-link-escapes',
    level: 'error',
    summary: 'A symbolic link points to a file outside of the gem',
    advice: advice(
      'Do not install it: the link leads to files that do not belong to the gem. Some versions of RubyGems refuse it, and others create it.',
      'Link with relative targets inside the gem, or ship files.',
    ),
    check: (tree, report) => {
      const walk = new LinkWalk(tree.links);
      for (const link of tree.links.values()) {
        if (link.entry.typeflag !== Typeflag.Symlink) continue;
        const reason = walk.escapeOf(link, '') ?? asWritten(link);
        if (reason !== undefined) report(`to ${quote(link.entry.linkpath)}: ${reason}`, link.entry);
      }
    },
  },
  {
    id: 'gem-member',
    level: 'error',
    stopsReading: true,
    summary: 'The outer archive does not consist of the files of a gem, each exactly once',
    advice: advice(
      'Do not install it: RubyGems uses one of the files, and another tool may show you a different one. Compare the checksum with that of the source.',
      'Build the gem with `gem build`, and put nothing into it afterwards.',
    ),
  },
  unreadableFormat('gem-not-tar', 'The file is not a tar archive, as every gem is', {
    ...STOPS,
    advice: advice(
      'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the source. A gem of the oldest format is Ruby code: do not install it.',
      'Build the gem with `gem build`.',
    ),
  }),
  {
    kind: 'tree',
    id: 'gem-folder-deleted',
    level: 'error',
    summary:
      'An entry creates a folder that already exists, and RubyGems deletes that folder first',
    advice: advice(
      'Do not install it: RubyGems deletes the folder and all files in it, so files are missing that other tools show.',
      'Build the gem with `gem build`, which writes no entries for folders.',
    ),
    check: (tree, report) => {
      for (const { kind, entry, key } of tree.files.clashes)
        if (kind === 'same-directory') report(quote(key), entry);
    },
  },
  {
    kind: 'tree',
    id: 'gem-folder-writable',
    level: 'error',
    summary: 'An entry creates a folder into which other users may write',
    advice: advice(
      'Do not install it: RubyGems gives the folder these permissions whatever your umask is, so other users of the machine can put code into the gem.',
      'Build the gem with `gem build`, which writes no entries for folders.',
    ),
    check: (tree, report) => {
      // RubyGems makes missing parent folders with the same rights, so the entry of a folder counts for them too.
      const folders = new Set<Entry>();
      for (const { kind, entry } of tree.files.places.values())
        if (kind === 'directory' && isWritable(entry)) folders.add(entry);
      for (const entry of folders)
        report(`${quote(entry.path)} with mode ${entry.mode.toString(8)}`, entry);
    },
  },
];
