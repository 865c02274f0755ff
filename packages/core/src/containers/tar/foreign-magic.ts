/**
 * Formats that extractors recognise by their first bytes: the bytes in hexadecimal, and the extractors that look for them.
 *
 * node-tar (parse.ts) decodes a tar that begins as gzip or zstd. libarchive (`*_bid` in archive_read_support_filter_*.c and
 * archive_read_support_format_*.c) removes one compression after the other, so it checks the unpacked bytes of a .tgz again. Among
 * archive formats it prefers a tar with a POSIX or GNU magic. Python (tarfile), GNU tar (buffer.c) and gzip check a tar that was
 * unpacked before in the same way.
 *
 * Not in the list: brotli, which has no magic (node-tar decodes it only by an option or the file name); LHA, `MZ`, ELF and
 * big-endian cpio, since an ordinary name may have their few bytes, and libarchive prefers the tar header; ISO images and zips that
 * begin further inside, for the same reason.
 */
const FORMATS: readonly (readonly [name: string, bytes: RegExp])[] = [
  ['gzip', /^1f8b/], // node-tar, pnpm, bun, libarchive, Python, GNU tar
  ['zstd', /^28b52ffd/], // node-tar 7 where Node has zstd, libarchive, GNU tar
  ['zstd or lz4', /^5.2a4d18/], // libarchive: a skippable frame
  ['xz', /^fd377a585a/], // libarchive, Python, GNU tar
  // libarchive: the size of the dictionary is a power of two or whole MiB; Python: 5d 00 00 80.
  ['lzma', /^[0-9a-e].00(?:[1248]00000|00(?:00|[^0].|0[^0])0[1-8]|00(?:[^0].|0[^0])00|0080)/],
  ['lzma', /^ff4c5a4d41/], // GNU tar
  ['lzip', /^4c5a49500[01]/], // libarchive: LZIP and a version; GNU tar
  ['bzip2', /^425a683[1-9](?:314159265359|177245385090)/], // libarchive, Python
  ['lz4', /^(?:04224d18|02214c18)/], // libarchive, the second being the legacy form
  ['lzop', /^894c5a4f/], // libarchive, GNU tar
  ['lrzip', /^4c525a4900/], // libarchive
  ['grzip', /^47525a69704949000204/], // libarchive
  ['compress', /^1f9d/], // libarchive, GNU tar, gzip
  ['pack', /^1f(?:1e|a0)/], // gzip, which knows LZH by the second
  ['uuencode', /^626567696e(?:2d626173653634)?20(?:3[0-7]){3}20/], // libarchive: `begin 644 `, `begin-base64 644 `
  ['rpm', /^edabeedb/], // libarchive
  ['zip', /^504b(?:0102|0304|0506|0606|0708|3030504b)/], // libarchive: PK
  ['7z', /^377abcaf271c/], // libarchive
  ['rar', /^526172211a07/], // libarchive
  ['xar', /^7861722100/], // libarchive
  ['cab', /^4d53434600/], // libarchive
  ['ar', /^213c617263683e0a/], // libarchive
  // libarchive looks at the first six digits, 070707 or 070701. More digits follow, which an ordinary name does not have.
  ['cpio', /^30373037(?:3[02]37(?:3[0-7]){70}|303[12](?:3.|4[1-6]|6[1-6]){94})/],
  ['cpio', /^c771/], // libarchive
  ['mtree', /^236d747265650[ad]/], // libarchive
  ['WARC', /^574152432f3.2e3.(?:3.)?0d0a/], // libarchive
];

/** Bytes that the longest expression looks at. */
const HEAD_BYTES = 100;

/** The other format that an extractor may recognise in the tar at `at`; undefined if there is none. */
export function foreignFormat(block: Buffer, at: number): string | undefined {
  const head = block.toString('hex', at, at + HEAD_BYTES);
  return FORMATS.find(([, bytes]) => bytes.test(head))?.[0];
}
