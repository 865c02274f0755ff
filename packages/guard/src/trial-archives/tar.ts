/* Archives for trials of managers and libraries, byte by byte, because no library writes archives that must be refused. */

const BLOCK = 512;
/** 1985, as npm packs. */
const MTIME = 499_162_500;

export interface TarEntry {
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly link?: string;
  readonly hard?: true;
}

export function tar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocks), Buffer.alloc(2 * BLOCK)]);
}

/** The ustar header of an entry, and its content in whole blocks. */
function blocks({ path, body = '', link, hard }: TarEntry): Buffer[] {
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
