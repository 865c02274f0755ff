/* Wheels for a trial of pip: stored zips, small enough to be written by hand. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const VERSION = '1.0.0';
/** 1985-10-26, in the date of a zip. */
const DATE = (5 << 9) | (10 << 5) | 26;
const REGULAR = 0o100644;
const LINK = 0o120777;

export interface WheelFile {
  readonly fileName: string;
  readonly bytes: Buffer;
}

interface Entry {
  readonly path: string;
  readonly body: string;
  readonly mode: number;
}

/** How a wheel spells a project: its folder is called so as well. */
export function moduleName(name: string): string {
  return name.replaceAll('-', '_');
}

function wheelName(name: string): string {
  return `${moduleName(name)}-${VERSION}-py3-none-any.whl`;
}

/** A wheel in order, which every guard lets pass. */
export function cleanWheel(name: string): WheelFile {
  return { fileName: wheelName(name), bytes: zip(entries(name)) };
}

/** One that no default policy lets pass: a link, which pip writes as a file with the target in it, and a path twice. */
export function canaryWheel(name: string): WheelFile {
  const folder = moduleName(name);
  const more: readonly Entry[] = [
    { path: `${folder}/canary.txt`, body: 'one line\n', mode: REGULAR },
    { path: `${folder}/canary.txt`, body: 'another line\n', mode: REGULAR },
    { path: `${folder}/link.txt`, body: 'canary.txt', mode: LINK },
  ];
  return { fileName: wheelName(name), bytes: zip([...entries(name), ...more]) };
}

function entries(name: string): readonly Entry[] {
  const folder = moduleName(name);
  const info = `${folder}-${VERSION}.dist-info`;
  const files: readonly (readonly [string, string])[] = [
    [`${folder}/__init__.py`, ''],
    [`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${VERSION}\n`],
    [
      `${info}/WHEEL`,
      'Wheel-Version: 1.0\nGenerator: tarwarden\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ],
  ];
  const record = files.map(([path, body]) => `${path},sha256=${sha256(body)},${body.length}\n`);
  const last = [`${info}/RECORD`, `${record.join('')}${info}/RECORD,,\n`] as const;
  return [...files, last].map(([path, body]) => ({ path, body, mode: REGULAR }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function zip(all: readonly Entry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, body, mode } of all) {
    const [name, content] = [Buffer.from(path), Buffer.from(body)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, content]);
    // Made by Unix, which is what says that the mode counts.
    const start = Buffer.from('PK\x01\x02\x14\x03');
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(mode * 0x1_0000, 6);
    rest.writeUInt32LE(offset, 10);
    locals.push(local);
    central.push(start, common, rest, name);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(all.length, 8);
  end.writeUInt16LE(all.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
