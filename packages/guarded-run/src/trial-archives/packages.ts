import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { tar, type TarEntry } from './tar.ts';

/** An npm package for a trial. */
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

const VERSION = '1.0.0';

/** A package that every guard accepts. */
export function cleanPackage(name: string): TrialPackage {
  return offer(name, []);
}

/**
 * A package that the default policy rejects for two reasons: it has a link, and a path that appears twice with different content.
 * The link leads to a file of the package itself, so that a manager that installs it does no harm.
 */
export function canaryPackage(name: string): TrialPackage {
  return offer(name, [
    { path: 'package/canary.txt', body: 'one line\n' },
    { path: 'package/canary.txt', body: 'another line\n' },
    { path: 'package/link.txt', link: 'canary.txt' },
  ]);
}

function offer(name: string, more: readonly TarEntry[]): TrialPackage {
  const manifest = { name, version: VERSION, bin: { [name]: 'index.js' } };
  const script = `#!/usr/bin/env node\nconsole.log(${JSON.stringify(commandMark(name))});\n`;
  const entries: readonly TarEntry[] = [
    { path: 'package/package.json', body: `${JSON.stringify(manifest)}\n` },
    { path: 'package/index.js', body: script },
    ...more,
  ];
  return { name, version: VERSION, manifest, bytes: gzipSync(tar(entries)) };
}

/** The document of a registry about a package. */
export function packument(
  { name, version, bytes, manifest }: TrialPackage,
  tarball: string,
): object {
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
