import { createHash } from 'node:crypto';
import { gemOf, member } from '../../support/gem.ts';
import {
  describeRule,
  error,
  note,
  folder,
  gem,
  rows,
  symlink,
  type Sample,
} from '../../support/rule-table.ts';
import { base256, entry, pax, type EntryOptions, type HeaderOptions } from '../../support/tar.ts';

const holding = (...entries: EntryOptions[]): Sample =>
  gem({ entries: entries.map((fields) => entry(fields)) });
const foldersFirst = (...folders: EntryOptions[]): Sample =>
  gem({ before: folders.map((fields) => entry(fields)) });

/** SHA-1 of the files of the fixture, which lie one behind the other in the gem. */
function sha1Sums(): string {
  const bytes = gemOf();
  const size = (at: number): number =>
    Number.parseInt(bytes.toString('latin1', at + 124, at + 135), 8);
  const data = 512 + Math.ceil(size(0) / 512) * 512;
  const sum = (at: number): string =>
    createHash('sha1')
      .update(bytes.subarray(at + 512, at + 512 + size(at)))
      .digest('hex');
  return `---\nSHA1:\n  metadata.gz: ${sum(0)}\n  data.tar.gz: ${sum(data)}\n`;
}

/** As Ruby 1.9 wrote it: each text as binary. */
function binaryOf(document: string): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return document
    .replaceAll(/^(SHA\d+):$/gm, (_, name: string) => `!binary "${base64(name)}":`)
    .replaceAll(/: ([0-9a-f]+)$/gm, (_, sum: string) => `: !binary |-\n    ${base64(sum)}`);
}
const sums = (checksums: string): Sample => gem({ checksums });
const WRONG = `---\nSHA1:\n  data.tar.gz: ${'a'.repeat(40)}\n`;

describeRule('gem-checksum-mismatch', error(), {
  reports: {
    'a checksum of something else': [
      sums(`---\nSHA512:\n  data.tar.gz: ${'a'.repeat(128)}\n`),
      { layer: 'gem', entry: 'checksums.yaml.gz' },
    ],
    'an algorithm that RubyGems does not write': sums('---\nMD5:\n  data.tar.gz: aa\n'),
    'a checksum of a file that is not there': sums('---\nSHA256:\n  evil.rb: aa\n'),
    'what is not in hex': sums('---\nSHA256:\n  data.tar.gz: none\n'),
    'a list of files that is not one': sums('---\nSHA256: aa\n'),
    'what is not YAML': [sums('SHA256'), { says: 'line 1' }],
    'a list': [sums('---\n- SHA256\n'), { says: 'they are not a table' }],
    'a wrong one that is written as binary': sums(binaryOf(WRONG)),
    'another key that is written as binary': sums('---\n!binary "TUQ1":\n  data.tar.gz: aa\n'),
  },
  silent: {
    'checksums of the files': gem({}),
    'SHA-1 alone, which is right': sums(sha1Sums()),
    'checksums that are written as binary': sums(binaryOf(sha1Sums())),
  },
});

describeRule('gem-checksum-missing', note(), {
  reports: {
    'a gem without checksums': [
      gem({ checksums: null }),
      { says: 'there is no checksums.yaml.gz' },
    ],
  },
  silent: {
    'a gem with checksums': gem({}),
    'checksums that are written as binary': sums(binaryOf(sha1Sums())),
  },
});

describeRule('gem-extension', note(), {
  reports: {
    'each file that builds an extension, and takes the gem': [
      gem({
        files: { 'ext/a/extconf.rb': '', 'ext/b/Rakefile': '' },
        gemspec: { extensions: '\n- ext/a/extconf.rb\n- ext/b/Rakefile' },
      }),
      { says: '"ext/a/extconf.rb"' },
      { says: '"ext/b/Rakefile"' },
    ],
  },
  silent: {
    'such a file that the gemspec does not name': gem({ files: { 'ext/a/extconf.rb': '' } }),
  },
});

const LIB = folder('lib/', 0o755);

describeRule('gem-folder-deleted', error({ entry: 'lib' }), {
  reports: {
    'a folder behind a file in it': [holding(LIB), { offset: 1024 }],
    'a folder twice': [foldersFirst(LIB, LIB), { entryIndex: 1 }],
  },
  silent: { 'a folder before the files in it': foldersFirst(LIB) },
});

describeRule('gem-folder-writable', error({ entry: 'lib' }), {
  reports: {
    ...rows(
      [0o777, 0o757, 0o775, 0o720, 0o40777],
      (mode) => foldersFirst(folder('lib/', mode)),
      'a folder with mode %s',
    ),
    'a folder once, with those that are made above it': [
      foldersFirst(folder('a/b/c/', 0o777)),
      { entry: 'a/b/c' },
    ],
  },
  silent: {
    'a folder that only its owner may write': foldersFirst(LIB),
    'files, whose rights the umask limits': holding({ name: 'lib/open.rb', mode: 0o777 }),
  },
});

const headed = (records: Record<string, string>): Sample =>
  gem({ entries: [pax(records), entry({ name: 'a.rb' })] });

describeRule('gem-extended-header', error(), {
  reports: {
    'a PAX header with the path of the entry': [
      headed({ path: 'a.rb' }),
      { layer: 'tar', offset: 1024 },
    ],
    'a PAX header that says nothing': headed({ comment: 'x' }),
    'a global one': [
      gem({ before: [pax({ comment: 'x' }, { global: true })] }),
      { layer: 'tar', offset: 0 },
    ],
    'one in the gem itself': [
      gem({ outerBefore: [pax({ comment: 'x' })] }),
      { layer: 'gem', offset: 0 },
    ],
  },
  silent: {
    'a long path in the two fields of the header': holding({
      name: 'b.rb',
      prefix: `lib/${'a'.repeat(120)}`,
    }),
  },
});

const prefix = Buffer.alloc(155);
prefix.write('7', 131, 'latin1');
const withEntry = (odd: HeaderOptions): Sample => holding({ name: 'a.rb', ...odd });

describeRule('gem-header', error({ offset: 1024 }), {
  reports: {
    ...rows(
      {
        mtime: { mtime: { base256: 1 } },
        mode: { mode: { base256: 0o644 } },
        devmajor: { devmajor: { base256: 1 } },
        uid: { uid: base256(0n, 8) },
        prefix: { raw: { prefix } },
        linkname: { typeflag: '2', linkname: 'lib ' },
      } as Record<string, HeaderOptions>,
      (odd, field) => [withEntry(odd), { layer: 'tar', field }],
      'a number in binary, or bytes behind the end, in the field %s',
    ),
    'a time in binary in the gem itself': [
      gem({ dataHeader: { mtime: { base256: 1 } } }),
      { layer: 'gem' },
    ],
  },
  silent: {
    'the gem of the fixture': gem({}),
    'an owner in binary': withEntry({
      uid: base256(5_000_000n, 8),
      gid: base256(5_000_000n, 8),
    }),
    'empty numbers': withEntry({ mtime: null, devmajor: null, devminor: null }),
    'numbers that end in spaces': withEntry({ mtime: { text: '00000000000 ' } }),
  },
});

describeRule('gem-home-path', error(), {
  reports: {
    'a path that begins with a home folder': [holding({ name: '~root/x' }), { entry: '~root/x' }],
    'a link to one': [holding(symlink('x', '~root')), { entry: 'x' }],
    'a path that is one': holding({ name: '~' }),
  },
  silent: {
    'a tilde behind the first letter': holding({ name: 'lib/~x' }, { name: 'x.rb~' }),
  },
});

const withMember = (name: string): Sample => gem({ outer: [member(name, 'x')] });

describeRule('gem-member', error(), {
  reports: {
    'a second data.tar.gz': [
      withMember('data.tar.gz'),
      { layer: 'gem', entry: 'data.tar.gz', says: 'is there twice' },
    ],
    'a gemspec that is not compressed': [withMember('metadata'), { entry: 'metadata' }],
    'a name that only begins as a known one': withMember('metadata.gz\n'),
    'a path that leads to a known one': withMember('./metadata.gz'),
    'content that is a folder': [
      gem({ dataHeader: { typeflag: '5' } }),
      { says: 'is not a plain file' },
    ],
    'content that is not compressed': [
      gem({ data: Buffer.from('plain') }),
      { says: 'is not compressed with gzip' },
    ],
  },
  silent: {
    signatures: withMember('data.tar.gz.sig'),
    'files before the others': gem({ outerBefore: [member('metadata.gz.sig', 'x')] }),
  },
});

describeRule('gem-plugin', note(), {
  reports: {
    'a plugin in lib': [
      gem({ files: { 'lib/rubygems_plugin.rb': '' } }),
      { says: '"lib/rubygems_plugin.rb"' },
    ],
    'one in another folder that Ruby loads from, also without Ruby code': [
      gem({
        files: { 'src/rubygems_plugin.rb': '', 'ext/rubygems_plugin.so': '' },
        gemspec: { require_paths: '\n- lib\n- ./src/\n- ext' },
      }),
      {},
      {},
    ],
    'one of RDoc': [
      gem({ files: { 'lib/rdoc/discover.rb': '' } }),
      { says: '"lib/rdoc/discover.rb"' },
    ],
  },
  silent: {
    'the name elsewhere': gem({
      files: {
        'test/rubygems_plugin.rb': '',
        'lib/a/rubygems_plugin.rb': '',
        'lib/discover.rb': '',
        'rdoc/discover.rb': '',
        'lib/rubygems_plugin_test.rb': '',
        'lib/rubygems_plugin/a.rb': '',
        'plugins.rb': '',
      },
    }),
  },
});
