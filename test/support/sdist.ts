/**
 * A well-formed sdist as setuptools packs it, and the places where a test may make it odd.
 */
import { gzip, type GzipOptions } from './gzip.ts';
import { pkg, type PkgOptions } from './pkg.ts';
import type { Bytes } from './tar.ts';
import { zip, type ZipEntry, type ZipOptions } from './zip.ts';

export interface SdistOptions extends Pick<
  PkgOptions,
  'name' | 'version' | 'files' | 'before' | 'entries' | 'tail' | 'defaults'
> {
  /** The first folder, `<name>-<version>` unless given. */
  top?: string;
  /** PKG-INFO; `null` leaves it out. */
  pkgInfo?: Bytes | null;
}

/** A PKG-INFO of Metadata 2.1. */
export function pkgInfo(name: string, version: string, more = ''): string {
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: A fixture\n${more}\nName: of the description\n`;
}

/** Tar bytes of an sdist. */
export function sdistTar(options: SdistOptions = {}): Buffer {
  const { name = 'fixture', version = '1.0.0', files = {}, pkgInfo: info, ...rest } = options;
  const own = { name, version, files, ...(info !== undefined && { pkgInfo: info }) };
  return pkg({
    top: `${name}-${version}`,
    ...rest,
    manifest: null,
    files: { 'index.js': '', ...filesOf(own) },
  });
}

/** An sdist as it lies on an index: `gzip(sdistTar(...))`. */
export function sdist(options: SdistOptions = {}, gzipOptions: GzipOptions = {}): Buffer {
  return gzip(sdistTar(options), gzipOptions);
}

export interface SdistZipOptions extends Pick<
  SdistOptions,
  'name' | 'version' | 'files' | 'pkgInfo' | 'top'
> {
  /** More entries, after the files. */
  entries?: readonly ZipEntry[];
}

/** An sdist as `setup.py sdist --formats=zip` makes it. */
export function sdistZip(options: SdistZipOptions = {}, zipOptions: ZipOptions = {}): Buffer {
  const { name = 'fixture', version = '1.0.0', top, entries = [], ...rest } = options;
  const folder = top ?? `${name}-${version}`;
  const files = Object.entries(filesOf({ ...rest, name, version }));
  return zip(
    [...files.map(([path, body]) => ({ name: `${folder}/${path}`, body })), ...entries],
    zipOptions,
  );
}

function filesOf(
  options: Pick<SdistOptions, 'files' | 'pkgInfo'> & { name: string; version: string },
): Record<string, Bytes> {
  const { name, version, files, pkgInfo: info = pkgInfo(name, version) } = options;
  return {
    ...(info !== null && { 'PKG-INFO': info }),
    'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "backend"\n',
    'backend.py': '',
    ...files,
  };
}
