/** Wheels from code, well formed by default: RECORD lists every file with its hash and size. */
import { createHash } from 'node:crypto';
import { bytes, type Bytes } from './tar.ts';
import { UNIX, zip, type ZipEntry, type ZipOptions } from './zip.ts';

export interface WheelOptions {
  name?: string;
  version?: string;
  /** Of the module and more, by path. */
  files?: Readonly<Record<string, Bytes>>;
  /** More entries, which RECORD lists unless `unlisted`. */
  entries?: readonly (ZipEntry & { unlisted?: true })[];
  /** The `.dist-info` folder. */
  distInfo?: string;
  /** Files in it instead of the usual ones; undefined leaves one out. */
  info?: Readonly<Record<string, Bytes | undefined>>;
  /** Changes the lines of RECORD. */
  record?: (lines: string[]) => string[];
  /** Left as it is, without the lines of files. */
  zip?: ZipOptions;
}

export function wheelFileName(name = 'fixture', version = '1.0.0'): string {
  return `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`;
}

export function recordLine(path: string, body: Bytes): string {
  const content = bytes(body);
  const hash = createHash('sha256').update(content).digest('base64url');
  const name = /[",]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
  return `${name},sha256=${hash},${content.length}`;
}

export function wheel(options: WheelOptions = {}): Buffer {
  const { name = 'fixture', version = '1.0.0' } = options;
  const module = name.replaceAll('-', '_');
  const folder = options.distInfo ?? `${module}-${version}.dist-info`;
  const info: Record<string, Bytes | undefined> = {
    METADATA: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n\n`,
    WHEEL: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ...options.info,
  };
  const { RECORD: own, ...others } = info;
  const entries: (ZipEntry & { unlisted?: true })[] = [
    ...Object.entries({ [`${module}/__init__.py`]: 'x = 1\n', ...options.files }).map(
      ([path, body]): ZipEntry => ({ name: path, body }),
    ),
    ...(options.entries ?? []),
    ...Object.entries(others).flatMap(([file, body]): ZipEntry[] =>
      body === undefined ? [] : [{ name: `${folder}/${file}`, body }],
    ),
  ];
  const lines = entries
    .filter(({ name: path, unlisted, omit }) => !isFolder(path) && !unlisted && omit === undefined)
    .map(({ name: path, body }) => recordLine(bytes(path ?? '').toString('utf8'), body ?? ''));
  const change = options.record ?? ((all: string[]): string[] => all);
  const record = own ?? `${change([...lines, `${folder}/RECORD,,`]).join('\n')}\n`;
  const withRecord =
    'RECORD' in info && own === undefined ? [] : [{ name: `${folder}/RECORD`, body: record }];
  return zip([...entries, ...withRecord], options.zip);
}

function isFolder(path: Bytes | undefined): boolean {
  return path !== undefined && bytes(path).toString('latin1').endsWith('/');
}

export { UNIX };
