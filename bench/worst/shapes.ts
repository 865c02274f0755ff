import { gzip, gzipWithZeros } from '../../test/support/gzip.ts';
import { archive, end, entry, header, pax, type Part } from '../../test/support/tar.ts';
import { yarnZip } from '../../test/support/yarn-zip.ts';
import { UNIX, type ZipEntry } from '../../test/support/zip.ts';
import { emptyBlocks, fullTables } from './deflate.ts';
import { LEVELS, parts, type Family } from './family.ts';
import { headersLike } from './headers.ts';
import { manifests, shrinkwraps } from './documents.ts';
import { LETTERS, pathOf, PATH_GENES } from './paths.ts';

const tgz = (parts: readonly Part[], level = '1'): Buffer => {
  const manifest = entry({ name: 'package/package.json', body: '{"name":"a","version":"1.0.0"}' });
  return gzip(archive(manifest, parts, end()), { level: Number(level) });
};

const named = (path: string): Uint8Array => plainHeader(`package/${path}`);
const plainHeader = headersLike({});

const TYPES = ['0', '5', '1', '2', '3', '\0', 'x7'] as const;

/** Entries that differ in nothing but their paths, types and the trouble that each field is. */
const entries: Family = {
  genes: { entries: 60_000, ...PATH_GENES, type: TYPES, mode: 0o177777, level: LEVELS },
  build(read) {
    const type = read.word('type').at(-1)!;
    const rest = {
      typeflag: type,
      mode: read.number('mode'),
      ...(/[12]/.test(type) && { linkname: 'x' }),
    };
    const like = headersLike(rest);
    return tgz(
      parts(read.number('entries'), (index) => like(`package/${pathOf(read, index)}`)),
      read.word('level'),
    );
  },
};

const KEYS = ['path', 'comment', 'mtime', 'size', 'GNU.sparse.x', 'a b', 'LIBARCHIVE.x'] as const;

/** PAX headers: many records, many headers, long values. */
const extended: Family = {
  genes: {
    headers: 100_000,
    records: 1100,
    value: 2000,
    key: KEYS,
    numbered: ['no', 'yes'],
    letters: Object.keys(LETTERS),
    entryEvery: 3,
    type: ['x', 'g', 'L', 'K'],
    level: LEVELS,
  },
  build(read) {
    const letter = LETTERS[read.word('letters')]!;
    const value = letter.repeat(Math.ceil(read.number('value') / letter.length));
    const records = Array.from({ length: read.number('records') }, (_, index) => {
      const key = `${read.word('key')}${read.word('numbered') === 'yes' ? index : ''}`;
      return [key, value] as const;
    });
    const head = pax(records, { typeflag: read.word('type') });
    const every = read.number('entryEvery');
    return tgz(
      parts(read.number('headers'), (index) =>
        every > 0 && index % every === 0 ? archive(head, named(String(index))) : head,
      ),
      read.word('level'),
    );
  },
};

/** Links whose targets lead through each other. */
const links: Family = {
  links: 'contained',
  genes: {
    links: 60_000,
    depth: 60,
    steps: 2000,
    up: 60,
    hops: 60,
    hard: ['2', '1'],
    level: LEVELS,
  },
  build(read) {
    const down = 'd/'.repeat(read.number('depth'));
    const target = `${'../'.repeat(Math.min(read.number('up'), read.number('depth')))}`;
    const steps = 'l0/../'.repeat(read.number('steps') / 6);
    return tgz(
      parts(read.number('links'), (index) => {
        const linkpath = `${target}${steps}${index < read.number('hops') ? `l${index + 1}` : 'x'}`;
        const head = header({
          name: `package/${down}l${index}`.slice(0, 100),
          typeflag: read.word('hard'),
        });
        const long = linkpath.length > 100;
        const link = {
          name: `package/${down}l${index}`.slice(0, 100),
          typeflag: read.word('hard'),
        };
        return long
          ? archive(pax({ linkpath }), header({ ...link, linkname: linkpath.slice(0, 100) }))
          : linkpath === ''
            ? head
            : header({ ...link, linkname: linkpath });
      }),
      read.word('level'),
    );
  },
};

/** Content that unpacks to much, also twice at one path, which has it read again. */
const content: Family = {
  genes: { mebibytes: 400, noise: 65_536, files: 3000, twice: ['no', 'yes'] },
  build(read) {
    const size = read.number('mebibytes');
    const small = parts(read.number('files'), (index) =>
      entry({ name: `package/${read.word('twice') === 'yes' ? 'a' : index}`, body: 'x' }),
    );
    const head = header({ name: 'package/z', size: size * 1024 * 1024 });
    return gzipWithZeros(archive(small, head), size + 1, read.number('noise'));
  },
};

/** Deflate blocks that cost more than they hold. */
const deflate: Family = {
  genes: { blocks: 400_000, kind: ['empty', 'tables'], files: 1000 },
  build(read) {
    const data = archive(
      parts(read.number('files'), (index) => named(String(index))),
      end(),
    );
    const blocks = read.word('kind') === 'empty' ? emptyBlocks : fullTables;
    return gzip(data, { deflated: blocks(data, read.number('blocks')) });
  },
};

/** Archives of Yarn's cache: entries over the same bytes, or each with its own. */
const zips: Family = {
  format: 'yarn-zip',
  genes: { entries: 30_000, ...PATH_GENES, size: 60_000, letter: 256 },
  build(read) {
    const body = Buffer.alloc(read.number('size') * 10, read.number('letter'));
    const count = Math.min(read.number('entries'), (200 * 1024 * 1024) / Math.max(1, body.length));
    return yarnZip({
      entries: Array.from({ length: count }, (_, index): ZipEntry => ({
        name: `node_modules/fixture/${pathOf(read, index)}`,
        body,
        mode: UNIX.file | 0o644,
      })),
    });
  },
};

export const FAMILIES: Readonly<Record<string, Family>> = {
  entries,
  extended,
  links,
  manifests,
  shrinkwraps,
  content,
  deflate,
  zips,
  explained: { ...entries, explained: true },
};

/** Bytes that an archive of the search may have. */
export const MAX_BYTES: number = 2 * 1024 * 1024;
