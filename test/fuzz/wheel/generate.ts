/** Wheels with oddities at random, most of them in the zip; some with bytes changed as well. */
import { crc32 } from 'node:zlib';
import { wheel, type WheelOptions } from '../../support/wheel.ts';
import { UNIX, type ZipEntry, type ZipOptions } from '../../support/zip.ts';
import type { Random } from '../random.ts';

const DATA = 'fixture-1.0.0.data';
const NAMES: readonly string[] = [
  'fixture/a.py',
  'fixture/b/c.py',
  'fixture/ä.txt',
  'fixture/日本.txt',
  'fixture/a b.txt',
  'fixture/A.PY',
  'fixture/__init__.py',
  'fixture/b',
  'fixture/..data',
  'fixture/./d.py',
  'fixture//e.py',
  'fixture/.hidden',
  'fixture/x.py ',
  'fixture/con',
  'fixture/a\\b.py',
  '../escape.py',
  '/absolute.py',
  'fixture/x\0.py',
  'other.py',
  'fixture.pth',
  `${DATA}/purelib/fixture/p.py`,
  `${DATA}/purelib/fixture/a.py`,
  `${DATA}/platlib/other.py`,
  `${DATA}/scripts/run`,
  `${DATA}/scripts/sub/run`,
  `${DATA}/headers/fixture.h`,
  `${DATA}/data/share/x.txt`,
  `${DATA}/data`,
  `${DATA}/purelib`,
  `${DATA}/other/x`,
  'fixture.data/x',
  'fixture/x.data/scripts/y',
  'fixture-1.0.0.dist-info/licenses/LICENSE',
  'fixture-1.0.0.dist-info/top_level.txt',
  'FIXTURE-1.0.0.dist-info/METADATA',
];
const FOLDERS: readonly string[] = [
  'fixture/',
  'fixture/lib/',
  'fixture/b/',
  `${DATA}/`,
  `${DATA}/scripts/`,
];
const MODES: readonly number[] = [
  UNIX.file | 0o644,
  UNIX.file | 0o755,
  UNIX.file | 0o600,
  UNIX.file | 0o444,
  UNIX.file,
  0,
  0o644,
  0o755,
  UNIX.symlink | 0o777,
  UNIX.directory | 0o755,
  0o140644,
];
const MADE_BY: readonly number[] = [0, 3, 10, 14, 19, 7, 20];
const FLAGS: readonly number[] = [0, 0x0800, 0x0802, 0x0804, 0x0806, 0x0801, 0x0840, 0x1800];
const DOS: readonly number[] = [0, 0x01, 0x10, 0x20, 0x80, 0x8000, 0x02, 0x08];
const FULL = 0xffffffff;

function field(id: number, data: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data]);
}

function numbers(random: Random, values: readonly number[]): Buffer {
  const out = Buffer.alloc(values.length * 8);
  values.forEach((value, at) =>
    out.writeBigUInt64LE(BigInt(random.chance(8) ? random.int(100) : value), at * 8),
  );
  return out;
}

function extraOf(random: Random, name: string, body: string): Buffer {
  switch (random.int(6)) {
    case 0:
      return field(0x5455, Buffer.concat([Buffer.from([1]), Buffer.alloc(4)]));
    case 1:
      return field(0x7875, Buffer.from([1, 4, 0, 0, 0, 0, 4, 0, 0, 0, 0]));
    case 2: {
      const other = random.chance(4) ? 'other.py' : name;
      const head = Buffer.alloc(5);
      head[0] = 1;
      head.writeUInt32LE(crc32(random.chance(8) ? other : name), 1);
      return field(0x7075, Buffer.concat([head, Buffer.from(other)]));
    }
    case 3:
      return field(1, numbers(random, [body.length, body.length].slice(0, random.int(3))));
    case 4:
      return field(
        random.pick([0x000a, 0x4242, 0x756e, 0x000d, 0x6c78, 0x4453]),
        random.bytes(random.int(20)),
      );
    default:
      return random.bytes(random.int(6));
  }
}

function fileOf(random: Random): ZipEntry {
  const name = random.pick(NAMES);
  const body = 'x'.repeat(random.int(3) * random.int(40));
  const method = random.pick([0, 8]);
  const entry: ZipEntry & { unlisted?: true } = { name, body, method };
  if (random.chance(2)) entry.mode = random.pick(MODES);
  if (random.chance(3)) entry.madeBy = random.pick(MADE_BY);
  if (random.chance(3)) entry.flags = random.pick(FLAGS);
  if (random.chance(4)) entry.dosAttributes = random.pick(DOS);
  if (random.chance(4)) entry.descriptor = random.chance(2) ? true : 'nosig';
  if (random.chance(6)) entry.zip64 = true;
  if (random.chance(4)) entry.extra = extraOf(random, name, body);
  if (random.chance(8)) entry.versionNeeded = random.pick([10, 20, 45, 46, 0x0314]);
  if (random.chance(10)) entry.comment = random.pick(['x', 'PK\x05\x06']);
  if (random.chance(10)) entry.local = { extra: extraOf(random, name, body) };
  if (random.chance(16)) entry.central = { extra: extraOf(random, name, body) };
  if (random.chance(12) && method === 0)
    entry.local = {
      size: FULL,
      compressedSize: FULL,
      extra: field(1, numbers(random, [body.length, body.length])),
    };
  if (random.chance(20))
    entry.local = random.pick([{ flags: 0 }, { crc: 0 }, { name: 'other.py' }, { method: 8 }]);
  if (random.chance(30)) entry.unlisted = true;
  if (random.chance(40)) entry.gap = Buffer.from('gap');
  return entry;
}

function folderOf(random: Random): ZipEntry {
  return {
    name: random.pick(FOLDERS),
    mode: random.pick([
      UNIX.directory | 0o755,
      UNIX.directory | 0o700,
      0,
      0o755,
      UNIX.file | 0o644,
    ]),
    madeBy: random.pick([0, 3]),
    dosAttributes: random.pick([0, 0x10]),
    method: random.pick([0, 0, 8]),
  };
}

function zipOf(random: Random): ZipOptions {
  const options: ZipOptions = {};
  if (random.chance(6)) options.zip64 = true;
  if (random.chance(8))
    options.comment = random.pick([
      'x',
      'commit',
      'PK\x05',
      'PK\x05\x06',
      'x'.repeat(16_000),
      'x'.repeat(17_000),
    ]);
  if (random.chance(30)) options.prefix = Buffer.from('#!');
  if (random.chance(30))
    options.trailing = random.pick([
      Buffer.from('x'),
      Buffer.alloc(22),
      Buffer.from('PK\x05\x06', 'latin1'),
    ]);
  if (random.chance(30))
    options.end = random.pick([{ entries: 3 }, { offset: 0 }, { disk: 1 }, { commentLength: 1 }]);
  return options;
}

const ENTRY_POINTS: readonly string[] = [
  '[console_scripts]\nrun = fixture:main\n',
  '[console_scripts]\nrun = fixture.cli:App.main [extra]\n[gui_scripts]\nwin=fixture:gui\n',
  '[console_scripts]\nrun\n',
  '[console_scripts]\na b = fixture : main\n',
  '; comment\n[other]\na/b = c\n',
  '[console_scripts]\nrun = fixture\n',
];

/** A wheel as the seed has it. */
export function randomWheel(random: Random): Buffer {
  const options: WheelOptions = {
    entries: Array.from({ length: random.int(4) }, () =>
      random.chance(5) ? folderOf(random) : fileOf(random),
    ),
    ...(random.chance(3) && { zip: zipOf(random) }),
    ...(random.chance(6) && { info: { 'entry_points.txt': random.pick(ENTRY_POINTS) } }),
  };
  const bytes = wheel(options);
  if (random.chance(2)) changeBytes(random, bytes);
  return bytes;
}

/** One or two bytes of headers, of both of an entry or of one alone. */
function changeBytes(random: Random, bytes: Buffer): void {
  const signature = random.pick([
    'PK\x01\x02',
    'PK\x03\x04',
    'PK\x05\x06',
    'PK\x06\x06',
    'PK\x06\x07',
    'PK\x07\x08',
  ]);
  const places: number[] = [];
  for (
    let at = bytes.indexOf(signature, 0, 'latin1');
    at >= 0;
    at = bytes.indexOf(signature, at + 1, 'latin1')
  )
    places.push(at);
  if (places.length === 0) return;
  const at = random.pick(places) + random.int(60);
  const value = random.chance(2) ? random.int(256) : (bytes[at] ?? 0) ^ (1 << random.int(8));
  if (at >= bytes.length) return;
  bytes[at] = value;
  if (signature !== 'PK\x01\x02' || random.chance(3)) return;
  // The same field before the data, where both have it.
  const central = places.findLast((one) => one <= at) ?? 0;
  const offset = at - central;
  const local = bytes.readUInt32LE(central + 42);
  const other = offset < 32 ? local + offset - 2 : local + offset - 16;
  if (offset >= 6 && (offset < 32 || offset >= 46) && other < bytes.length) bytes[other] = value;
}
