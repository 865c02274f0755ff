/** A package as Yarn keeps it in its cache. */
import type { Bytes } from './tar.ts';
import { UNIX, zip, type ZipEntry, type ZipOptions } from './zip.ts';

export interface YarnZipOptions {
  name?: string;
  version?: string;
  files?: Readonly<Record<string, Bytes>>;
  /** More entries, after the package's own. */
  entries?: readonly ZipEntry[];
}

/** A package as Yarn keeps it in its cache: all below `node_modules/<name>/`, folders listed. */
export function yarnZip(options: YarnZipOptions = {}, zipOptions: ZipOptions = {}): Buffer {
  const { name = 'fixture', version = '1.0.0' } = options;
  const top = `node_modules/${name}`;
  const folders = top.split('/').map((_, i, all) => `${all.slice(0, i + 1).join('/')}/`);
  const manifest = `${JSON.stringify({ name, version, main: 'index.js' }, null, 2)}\n`;
  const files: Record<string, Bytes> = {
    'package.json': manifest,
    'index.js': 'module.exports = 1\n',
    ...options.files,
  };
  return zip(
    [
      ...folders.map((folder): ZipEntry => ({ name: folder, mode: UNIX.directory | 0o755 })),
      ...Object.entries(files).map(([path, body]): ZipEntry => ({ name: `${top}/${path}`, body })),
      ...(options.entries ?? []),
    ],
    zipOptions,
  );
}
