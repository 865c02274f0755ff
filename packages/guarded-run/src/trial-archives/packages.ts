import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { tar, type TarEntry } from './tar.ts';
import type { TrialKind } from './trial-archive.ts';

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

const CANARY: readonly TarEntry[] = [
  { path: 'package/canary.txt', body: 'one line\n' },
  { path: 'package/canary.txt', body: 'another line\n' },
  { path: 'package/link.txt', link: 'canary.txt' },
];

/**
 * A package. The canary has a link, and a path that appears twice with different content. The link leads to a file of the package itself, so
 * that a manager that installs it does no harm.
 */
export function trialPackage(name: string, kind: TrialKind): TrialPackage {
  const manifest = { name, version: VERSION, bin: { [name]: 'index.js' } };
  const script = `#!/usr/bin/env node\nconsole.log(${JSON.stringify(commandMark(name))});\n`;
  const entries: readonly TarEntry[] = [
    { path: 'package/package.json', body: `${JSON.stringify(manifest)}\n` },
    { path: 'package/index.js', body: script },
    ...(kind === 'canary' ? CANARY : []),
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
