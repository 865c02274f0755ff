/**
 * Well-formed packages in every form that the accepted grammar has (docs/design/0001-accepted-grammar.md), as
 * fast-check arbitraries: each must be accepted, and every extractor must read it alike.
 */
import fc from 'fast-check';
import { gzip, type GzipOptions } from '../support/gzip.ts';
import { archive, end, entry, pax, type HeaderOptions, type Part } from '../support/tar.ts';

/** How a file's path is written. */
export type PathForm = 'plain' | 'prefix' | 'pax' | 'pax-equal' | 'dot';

export interface FileModel {
  readonly folders: readonly string[];
  readonly stem: string;
  readonly form: PathForm;
  readonly body: Uint8Array;
  readonly mode: number;
  readonly typeflag: '0' | '\0';
  readonly paxSize: boolean;
  /** An extended attribute, as bsdtar of macOS writes it. */
  readonly attribute: Uint8Array | undefined;
}

/** How numbers of a header are written. */
export type NumberForm = 'octal' | 'space' | 'short' | 'empty-owner' | 'base256-owner';

export interface PackageModel {
  readonly top: string;
  readonly files: readonly FileModel[];
  readonly directories: boolean;
  readonly numbers: NumberForm;
  readonly magic: 'ustar' | 'gnu';
  readonly globals: Readonly<Record<string, string>>;
  readonly zeroBlocks: number;
  readonly zeroBytes: number;
  readonly gzip: GzipOptions;
}

const folder = fc.constantFrom(
  'lib',
  'dist',
  'src',
  'a b',
  '@scope',
  '[id]',
  '(group)',
  '.config',
  'node_modules',
  'docs-\u65e5\u672c',
  'a-long-folder-name-of-forty-characters-xx',
  'x'.repeat(90),
);
const stem = fc.constantFrom(
  'index',
  'README',
  'a..b',
  '-a',
  '$a',
  '...a',
  'com10',
  'console',
  '\u00fcber',
  '\u{1f4e6}',
  'y'.repeat(80),
);

const file: fc.Arbitrary<FileModel> = fc.record({
  folders: fc.array(folder, { maxLength: 4 }),
  stem,
  form: fc.constantFrom<PathForm>('plain', 'plain', 'prefix', 'pax', 'pax-equal', 'dot'),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(0, 1, 511, 512, 513, 1024, 5000).map((size) => Buffer.alloc(size, 'x')),
  ),
  mode: fc.constantFrom(0o644, 0o755, 0o666, 0o777, 0o600, 0o744),
  typeflag: fc.constantFrom('0', '\0'),
  paxSize: fc.boolean(),
  attribute: fc.option(
    fc.uint8Array({ maxLength: 12 }).map((bytes) => bytes.filter((byte) => byte !== 0x0a)),
    { nil: undefined },
  ),
});

export const packageModel: fc.Arbitrary<PackageModel> = fc.record({
  top: fc.constantFrom('package', 'fixture', 'types for fixture', 'owner-fixture-0a1b2c3'),
  files: fc.array(file, { maxLength: 6 }),
  directories: fc.boolean(),
  numbers: fc.constantFrom<NumberForm>(
    'octal',
    'octal',
    'space',
    'short',
    'empty-owner',
    'base256-owner',
  ),
  magic: fc.constantFrom('ustar', 'ustar', 'gnu'),
  globals: fc.record(
    {
      comment: fc.constantFrom('0a1b2c3d4e5f60718293a4b5c6d7e8f901234567', 'x'),
      mtime: fc.constantFrom('0', '1500000000.25', '-1'),
      atime: fc.constant('1'),
      ctime: fc.constant('1.5'),
      uid: fc.constantFrom('0', '4294967295'),
      gid: fc.constant('20'),
      uname: fc.constantFrom('', 'root', '../x'),
      gname: fc.constant('staff'),
    },
    { requiredKeys: [] },
  ),
  zeroBlocks: fc.integer({ min: 2, max: 20 }),
  zeroBytes: fc.constantFrom(0, 0, 0, 1, 100, 511),
  gzip: fc.record({
    level: fc.integer({ min: 0, max: 9 }),
    mtime: fc.constantFrom(0, 499162500),
    os: fc.constantFrom(0, 3, 10, 255),
    xfl: fc.constantFrom(0, 2, 4),
    trailing: fc.constantFrom(0, 0, 0, 1, 512, 10_239).map((zeros) => Buffer.alloc(zeros)),
  }),
});

const NUMBERS: Readonly<Record<NumberForm, HeaderOptions>> = {
  octal: {},
  space: {
    uid: { text: '000765 \0' },
    gid: { text: '000024 \0' },
    mtime: { text: '13700000000 ' },
  },
  short: { uid: { text: '0\0' }, gid: { text: '0 ' }, mtime: { text: '0\0' } },
  'empty-owner': { uid: null, gid: null, mtime: null },
  'base256-owner': { uid: { base256: 2_000_000_001n }, gid: { base256: 1_900_000_001n } },
};

/** Tar bytes of a model. */
export function tarOf(model: PackageModel): Buffer {
  const headers: HeaderOptions = { ...NUMBERS[model.numbers], magic: model.magic };
  const parts: Part[] = [];
  if (Object.keys(model.globals).length > 0) parts.push(pax(model.globals, { global: true }));
  if (model.directories)
    parts.push(entry({ ...headers, name: `${model.top}/`, typeflag: '5', mode: 0o755 }));
  parts.push(
    entry({
      ...headers,
      name: `${model.top}/package.json`,
      body: '{"name":"fixture","version":"1.0.0"}\n',
    }),
  );
  const made = new Set<string>();
  model.files.forEach((one, index) => {
    let path = model.top;
    for (const name of one.folders) {
      path += `/${name}`;
      if (!model.directories || made.has(path) || Buffer.byteLength(path) > 99) continue;
      made.add(path);
      parts.push(entry({ ...headers, name: `${path}/`, typeflag: '5', mode: 0o755 }));
    }
    // The number keeps every path apart from all others, whatever file systems fold.
    parts.push(fileParts(one, { path: `${path}/${one.stem}-${index}.js`, headers }));
  });
  return archive(parts, end(model.zeroBlocks), Buffer.alloc(model.zeroBytes));
}

function fileParts(one: FileModel, to: { path: string; headers: HeaderOptions }): Part {
  const { path, headers } = to;
  const { attribute } = one;
  const size = {
    ...(attribute && { 'SCHILY.xattr.com.apple.provenance': attribute }),
    ...(one.paxSize && { size: String(one.body.length) }),
  };
  const before = Object.keys(size).length > 0 ? pax(size) : [];
  const rest = { ...headers, mode: one.mode, typeflag: one.typeflag, body: one.body };
  const dotted = path.replace('/', '/./');
  if (one.form === 'dot' && Buffer.byteLength(dotted) <= 100)
    return [before, entry({ ...rest, name: dotted })];
  const split = one.form === 'prefix' && headers.magic === 'ustar' ? splitAt(path) : undefined;
  if (split) return [before, entry({ ...rest, ...split })];
  if (Buffer.byteLength(path) > 100 || one.form === 'pax' || one.form === 'pax-equal') {
    const short = Buffer.from(path).subarray(0, one.form === 'pax-equal' ? 100 : 99);
    // A name cut after a slash is a folder's for Python where the type is NUL.
    const typeflag = short.at(-1) === 0x2f ? '0' : one.typeflag;
    return [pax({ ...size, path }), entry({ ...rest, name: short, typeflag })];
  }
  return [before, entry({ ...rest, name: path })];
}

/** Prefix and name of a path, as ustar splits it, where both parts fit. */
function splitAt(path: string): { prefix: string; name: string } | undefined {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const prefix = path.slice(0, at);
    const name = path.slice(at + 1);
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return { prefix, name };
  }
  return undefined;
}

/** A package as it lies on a registry. */
export function tgzOf(model: PackageModel): Buffer {
  return gzip(tarOf(model), model.gzip);
}
