import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { tar, type TarEntry } from '@tarwarden/guarded-run/trial-archives';

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

function offer(name: string, more: readonly TarEntry[]): Offered {
  const manifest = { name, version: VERSION, bin: { [name]: 'index.js' } };
  const script = `#!/usr/bin/env node\nconsole.log(${JSON.stringify(markOf(name))});\n`;
  const entries: readonly TarEntry[] = [
    { path: 'package/package.json', body: `${JSON.stringify(manifest)}\n` },
    { path: 'package/index.js', body: script },
    ...more,
  ];
  return { name, version: VERSION, manifest, bytes: gzipSync(tar(entries)) };
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
