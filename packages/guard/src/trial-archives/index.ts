/**
 * Archives for trials, built from bytes, because no library writes archives that must be refused. The index of the package leaves them
 * out: every guarded client loads it, and they need node:zlib.
 */
import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { storedZip, type StoredEntry } from './stored-zip.ts';
import { tar } from './tar.ts';

export { tar };

/** `canary`: the default policy rejects the archive. `clean`: every guard accepts it. */
export type TrialKind = 'canary' | 'clean';

/** An archive for a trial, and the file name that a client expects. */
export interface TrialArchive {
  readonly fileName: string;
  readonly bytes: Buffer;
}

const VERSION = '1.0.0';

/** A path that a canary has twice with different content. */
function twice(path: string): readonly { readonly path: string; readonly body: string }[] {
  return [
    { path, body: 'one line\n' },
    { path, body: 'another line\n' },
  ];
}

export interface TrialPackage {
  readonly name: string;
  readonly version: string;
  readonly bytes: Buffer;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** The line that the command of a package prints. It shows that the package was run. */
export function commandMark(name: string): string {
  return `mark of ${name}`;
}

/**
 * A package of npm's registry. The canary has a path twice, and a link to a file of the package itself, so that a client that installs it
 * does no harm.
 */
export function trialPackage(name: string, kind: TrialKind): TrialPackage {
  const manifest = { name, version: VERSION, bin: { [name]: 'index.js' } };
  const script = `#!/usr/bin/env node\nconsole.log(${JSON.stringify(commandMark(name))});\n`;
  const link = { path: 'package/link.txt', link: 'canary.txt' };
  const entries = [
    { path: 'package/package.json', body: `${JSON.stringify(manifest)}\n` },
    { path: 'package/index.js', body: script },
    ...(kind === 'canary' ? [...twice('package/canary.txt'), link] : []),
  ];
  return { name, version: VERSION, manifest, bytes: gzipSync(tar(entries)) };
}

/** The document of a registry about a package. */
export function packument(
  { name, version, bytes, manifest }: TrialPackage,
  tarball: string,
): object {
  const published = '2020-01-01T00:00:00.000Z';
  const integrity = `sha512-${hash('sha512', bytes, 'base64')}`;
  const dist = { tarball, integrity, shasum: hash('sha1', bytes) };
  return {
    _id: name,
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, dist } },
    time: { created: published, modified: published, [version]: published },
  };
}

/** The name of a project as a wheel spells it in its file name and as the name of its folder. */
export function wheelModule(name: string): string {
  return name.replaceAll('-', '_');
}

const WHEEL =
  'Wheel-Version: 1.0\nGenerator: tarwarden\nRoot-Is-Purelib: true\nTag: py3-none-any\n';

/** A wheel. The canary has a link, which pip writes as a file that holds the target, and a path twice. */
export function trialWheel(name: string, kind: TrialKind): TrialArchive {
  const folder = wheelModule(name);
  const distInfo = `${folder}-${VERSION}.dist-info`;
  const files: readonly StoredEntry[] = [
    { path: `${folder}/__init__.py`, body: '' },
    {
      path: `${distInfo}/METADATA`,
      body: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${VERSION}\n`,
    },
    { path: `${distInfo}/WHEEL`, body: WHEEL },
  ];
  const recorded = files.map(
    ({ path, body }) => `${path},sha256=${hash('sha256', body, 'base64url')},${body.length}\n`,
  );
  const record = `${distInfo}/RECORD`;
  const link = { path: `${folder}/link.txt`, body: 'canary.txt', isLink: true };
  const bytes = storedZip([
    ...files,
    { path: record, body: `${recorded.join('')}${record},,\n` },
    ...(kind === 'canary' ? [...twice(`${folder}/canary.txt`), link] : []),
  ]);
  return { fileName: `${folder}-${VERSION}-py3-none-any.whl`, bytes };
}

export function gemFileName(name: string): string {
  return `${name}-${VERSION}.gem`;
}

/** A gem. The canary has a path twice, and a hard link, which RubyGems leaves out. */
export function trialGem(name: string, kind: TrialKind): TrialArchive {
  const path = `lib/${name}.rb`;
  const link = { path: 'lib/link.txt', link: 'lib/canary.txt', hard: true } as const;
  const canary = kind === 'canary' ? [...twice('lib/canary.txt'), link] : [];
  const dataTar = gzipSync(tar([{ path, body: '# nothing\n' }, ...canary]));
  const metadata = gzipSync(`--- !ruby/object:Gem::Specification
name: ${name}
version: !ruby/object:Gem::Version
  version: ${VERSION}
platform: ruby
authors:
- tarwarden
date: 1980-01-02 00:00:00.000000000 Z
dependencies: []
files:
- ${path}
require_paths:
- lib
rubygems_version: 3.6.7
specification_version: 4
summary: A gem that does nothing
`);
  const checksums = `---
SHA512:
  metadata.gz: '${hash('sha512', metadata)}'
  data.tar.gz: '${hash('sha512', dataTar)}'
`;
  const bytes = tar([
    { path: 'metadata.gz', body: metadata },
    { path: 'data.tar.gz', body: dataTar },
    { path: 'checksums.yaml.gz', body: gzipSync(checksums) },
  ]);
  return { fileName: gemFileName(name), bytes };
}

export const MODULE_VERSION = `v${VERSION}`;
/** RFC 2606 reserves this top-level domain, so that no server has the name. */
export const MODULE_HOST = 'tarwarden.invalid';

/** The module path of a package of that name. */
export function modulePath(name: string): string {
  return `${MODULE_HOST}/${name}`;
}

/** The module with its version, as go and its guard print it. */
export function moduleWithVersion(name: string): string {
  return `${modulePath(name)}@${MODULE_VERSION}`;
}

export function goMod(path: string): string {
  return `module ${path}\n\ngo 1.21\n`;
}

/**
 * A module. The canary has a link, and a file with another name in the directory of the zip than before its data. go without a guard
 * accepts both: it writes the link as a file that holds the target.
 */
export function trialModule(name: string, kind: TrialKind): TrialArchive {
  const inFolder = (path: string): string => `${moduleWithVersion(name)}/${path}`;
  const [path, localPath] = [inFolder('canary.txt'), inFolder('another.txt')];
  const canary: readonly StoredEntry[] = [
    { path: inFolder('link.txt'), body: 'canary.txt', isLink: true },
    { path, body: 'one line\n', localPath },
  ];
  const bytes = storedZip([
    { path: inFolder('go.mod'), body: goMod(modulePath(name)) },
    { path: inFolder('verify.go'), body: 'package verify\n' },
    ...(kind === 'canary' ? canary : []),
  ]);
  return { fileName: `${MODULE_VERSION}.zip`, bytes };
}

/** The files of a module in a folder that go can use as a module proxy, by their paths in it. */
export function moduleProxyFiles(
  path: string,
  zip: Buffer,
): readonly (readonly [path: string, content: string | Buffer])[] {
  const version = `${path}/@v/${MODULE_VERSION}`;
  return [
    [`${path}/@v/list`, `${MODULE_VERSION}\n`],
    [`${version}.info`, `{"Version":"${MODULE_VERSION}","Time":"2020-01-01T00:00:00Z"}`],
    [`${version}.mod`, goMod(path)],
    [`${version}.zip`, zip],
  ];
}
