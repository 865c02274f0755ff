/** Gems that a guard has to stop. */
import { gemData, gemspecOf, member } from '../gem.ts';
import { gzip } from '../gzip.ts';
import { end, entry, gnuLongName, header, pax, hardLinkTo } from '../tar.ts';
import { attack, inside, planted, raw, symlink, type GemAttack } from './gem-attack.ts';
import { gemspecAttacks } from './gemspec.ts';

export type { CleanGem, GemAttack } from './gem-attack.ts';
export { cleanGems } from './gem-clean.ts';

const hidden = entry({ name: 'lib/hidden.rb', body: planted });

export const gemAttacks: readonly GemAttack[] = [
  // link -> ../../../sentinel
  inside(
    'gem-symlink-outside: a link that leads out of the gem',
    'gem-link-escapes',
    symlink('link', '../../../sentinel'),
  ),
  // link -> /nonexistent
  inside(
    'gem-symlink-absolute: an absolute link',
    'gem-link-escapes',
    symlink('link', '/nonexistent/tarwarden'),
  ),
  // lib2 -> lib; lib2/planted.rb
  inside(
    'gem-write-through-link: a link to a folder, and a file through it',
    'write-through-link',
    symlink('lib2', '../sentinel'),
    entry({ name: 'lib2/planted.rb', body: planted }),
  ),
  // ../planted
  inside(
    'gem-traversal: a path that climbs out',
    'path-traversal',
    entry({ name: '../planted', body: planted }),
  ),
  // ../fixture-1.0.0-evil/planted.rb, a folder whose name begins as the gem's
  inside(
    'gem-sibling-folder: a folder beside the gem whose name begins as its own',
    'path-traversal',
    entry({ name: '../fixture-1.0.0-evil/planted.rb', body: planted }),
  ),
  // /nonexistent/planted
  inside(
    'gem-absolute: an absolute path',
    'absolute-path',
    entry({ name: '/nonexistent/planted', body: planted }),
  ),
  // ~root/planted
  inside(
    'gem-home: a path that RubyGems reads as a home folder',
    'gem-home-path',
    entry({ name: '~root/planted', body: planted }),
  ),
  // copy.rb = lib/fixture.rb (hard link), which RubyGems leaves out
  inside(
    'gem-hardlink: a hard link, dropped without a word',
    'hardlink',
    hardLinkTo('copy.rb', 'lib/fixture.rb'),
  ),
  // pipe (fifo), which RubyGems leaves out
  inside(
    'gem-fifo: a named pipe, dropped without a word',
    'fifo',
    entry({ name: 'pipe', typeflag: '6' }),
  ),
  // lib/fixture.rb, again with other bytes: the last wins
  inside(
    'gem-duplicate: the same path twice',
    'duplicate-path',
    entry({ name: 'lib/fixture.rb', body: planted }),
  ),
  // lib/FIXTURE.rb
  inside(
    'gem-case-collision: two files that differ in case',
    'case-collision',
    entry({ name: 'lib/FIXTURE.rb', body: planted }),
  ),
  // run with mode 6755
  inside(
    'gem-setuid: a file that asks for setuid',
    'special-mode-bits',
    entry({ name: 'run', body: '#!/bin/sh\n', mode: 0o106755 }),
  ),
  // lib/ with mode 777, before the files in it
  attack('gem-open-folder: a folder that others may write to', 'gem-folder-writable', {
    before: [entry({ name: 'lib/', typeflag: '5', mode: 0o777 })],
  }),
  // x size=1024 over a header of size 0, and a header as content: RubyGems installs what others skip
  inside(
    'gem-pax-size: a PAX size over an empty header size, which hides an entry',
    ['pax-size-mismatch', 'gem-extended-header'],
    pax({ size: String(hidden.length) }),
    header({ name: 'data.bin' }),
    hidden,
  ),
  // x (named lib/fixture.rb) path=lib/other.rb: RubyGems deletes the one, and never sees the other
  inside(
    'gem-extended-header-deletes: an extended header with the name of a file, which RubyGems deletes',
    'gem-extended-header',
    pax({ path: 'lib/other.rb' }, { name: 'lib/fixture.rb' }),
    entry({ name: 'lib/other.rb', body: planted }),
  ),
  // L lib/<120 characters>.rb, which RubyGems installs under the short name
  inside(
    'gem-gnu-long-name: a GNU long name, which RubyGems does not know',
    'gem-extended-header',
    gnuLongName(`lib/${'x'.repeat(120)}.rb`),
    entry({ name: `lib/${'x'.repeat(96)}`, magic: 'gnu', body: planted }),
  ),
  // lib/ behind lib/fixture.rb: RubyGems deletes the folder, and so the file
  inside(
    'gem-folder-deletes: an entry for a folder behind the file in it, which RubyGems deletes',
    'gem-folder-deleted',
    entry({ name: 'lib/', typeflag: '5', mode: 0o755 }),
  ),
  // late.rb with a time in binary, at which RubyGems stops
  inside(
    'gem-binary-number: a number in binary, at which RubyGems stops half way',
    'gem-header',
    entry({ name: 'late.rb', mtime: { base256: 1 } }),
  ),
  // two zero blocks, lib/hidden.rb
  attack('gem-entries-after-end: entries after the end of the content', 'entries-after-end', {
    tail: [end(), hidden, end()],
  }),
  // data.tar.gz: member, member
  attack('gem-second-member: a second gzip member in the content', 'gzip-second-member', {
    gzip: { members: [gemData({ files: { 'lib/hidden.rb': planted } })] },
  }),
  // data.tar.gz: member, bytes
  attack('gem-trailing-bytes: bytes behind the compressed content', 'gzip-trailing-bytes', {
    gzip: { trailing: Buffer.from('trailing') },
  }),
  // metadata.gz data.tar.gz checksums.yaml.gz data.tar.gz
  attack('gem-second-data: data.tar.gz twice', 'gem-member', {
    outer: [member('data.tar.gz', gzip(gemData({ files: { 'lib/evil.rb': planted } })))],
  }),
  // metadata, which RubyGems reads as well
  attack('gem-plain-metadata: a second gemspec, not compressed', 'gem-member', {
    outer: [member('metadata', gemspecOf({ name: 'evil' }))],
  }),
  // evil.rb beside the three files
  attack('gem-member-beside: a file beside the three', 'gem-member', {
    outer: [member('evil.rb', planted)],
  }),
  // data.tar.gz as a folder, of which RubyGems reads the content all the same
  attack('gem-member-type: data.tar.gz that is not a file', 'gem-member', {
    dataHeader: { typeflag: '5' },
  }),
  // … two zero blocks, data.tar.gz
  attack('gem-member-after-end: a file behind the end of the gem', 'entries-after-end', {
    outerTail: [end(), member('data.tar.gz', gzip(gemData())), end()],
  }),
  // checksums of other files
  attack('gem-checksum: checksums that do not fit', 'gem-checksum-mismatch', {
    checksums: `---\nSHA256:\n  metadata.gz: ${'0'.repeat(63)}a\n  data.tar.gz: ${'0'.repeat(63)}b\n`,
  }),
  // MD5SUM = "…" and Ruby code, which old RubyGems and today's read as a gem of before 2007
  raw(
    'gem-old-format: a gem of the old format, which is Ruby code',
    'gem-not-tar',
    Buffer.from('MD5SUM = "00000000000000000000000000000000"\n__END__\n--- {}\n'),
  ),
  // a gzipped tar
  raw('gem-tarball: a tarball in the place of a gem', 'gem-not-tar', gzip(gemData())),

  ...gemspecAttacks,
];
