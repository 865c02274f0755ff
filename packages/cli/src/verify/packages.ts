import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** A package that the loopback registry hands out. */
export interface Offered {
  readonly name: string;
  readonly version: string;
  readonly bytes: Buffer;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** What a package's command prints, so that a package that was run is known. */
export function markOf(name: string): string {
  return `mark of ${name}`;
}

const VERSION = '1.0.0';
const BLOCK = 512;
/** 1985, as npm packs. */
const MTIME = 499_162_500;

export interface Entry {
  readonly path: string;
  readonly body?: string | Uint8Array;
  /** Target of a link. */
  readonly link?: string;
  readonly hard?: true;
}

/** A package in order, which every guard lets pass. */
export function cleanPackage(name: string): Offered {
  return offer(name, []);
}

/**
 * A package that no default policy lets pass, for two reasons: a link, and a path that appears twice with different
 * content. The link leads to a file of the package itself, and the content is two lines of text, so that a manager that
 * installs it does no harm.
 */
export function canaryPackage(name: string): Offered {
  return offer(name, [
    { path: 'package/canary.txt', body: 'one line\n' },
    { path: 'package/canary.txt', body: 'another line\n' },
    { path: 'package/link.txt', link: 'canary.txt' },
  ]);
}

function offer(name: string, more: readonly Entry[]): Offered {
  const manifest = { name, version: VERSION, bin: { [name]: 'index.js' } };
  const script = `#!/usr/bin/env node\nconsole.log(${JSON.stringify(markOf(name))});\n`;
  const entries: readonly Entry[] = [
    { path: 'package/package.json', body: `${JSON.stringify(manifest)}\n` },
    { path: 'package/index.js', body: script },
    ...more,
  ];
  return { name, version: VERSION, manifest, bytes: gzipSync(tar(entries)) };
}

/** A tar of the entries, and its end. */
export function tar(entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocks), Buffer.alloc(2 * BLOCK)]);
}

/** The ustar header of an entry, and its content in whole blocks. */
function blocks({ path, body = '', link, hard }: Entry): Buffer[] {
  const content = Buffer.from(body);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  header.write(path, 0);
  header.write(`${octal(0o755, 6)} \0`, 100);
  header.write(`${octal(0, 6)} \0${octal(0, 6)} \0`, 108);
  header.write(`${octal(content.length, 11)} ${octal(MTIME, 11)} `, 124);
  header.write(' '.repeat(8), 148);
  header.write(link === undefined ? '0' : hard === true ? '1' : '2', 156);
  header.write(link ?? '', 157);
  header.write('ustar\0' + '00', 257);
  header.write(`${octal(0, 6)} \0${octal(0, 6)} \0`, 329);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}

/** What a registry says of a package: the same for every client. */
export function packument({ name, version, bytes, manifest }: Offered, tarball: string): object {
  const published = '2020-01-01T00:00:00.000Z';
  const sum = (algorithm: string) => createHash(algorithm).update(bytes);
  const dist = {
    tarball,
    integrity: `sha512-${sum('sha512').digest('base64')}`,
    shasum: sum('sha1').digest('hex'),
  };
  return {
    _id: name,
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, dist } },
    time: { created: published, modified: published, [version]: published },
  };
}
