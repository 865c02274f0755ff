/** A hostile package whose contents can be found again wherever they were put. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tgz } from './pkg.ts';
import { entry } from './tar.ts';

/** In every file of the package; compressed in its tarball, so not found there. */
const MARK = 'tarwarden-payload-5b1f';

/** A package with one path twice: every client installs it, and a rule refuses it. */
export function payload(name: string, manifest: Readonly<Record<string, unknown>> = {}): Buffer {
  return tgz({
    name,
    manifest,
    files: { 'index.js': `#!/usr/bin/env node\nconsole.log("${MARK}");\n` },
    entries: [entry({ name: 'package/index.js', body: `console.log("other, ${MARK}");\n` })],
  });
}

/** The same without what is refused. */
export function harmlessPayload(
  name: string,
  manifest: Readonly<Record<string, unknown>> = {},
): Buffer {
  return tgz({ name, manifest, files: { 'index.js': `console.log("${MARK}");\n` } });
}

/** Files below a folder that hold something of the payload, unpacked. Links are not followed. */
export function unpackedBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) return unpackedBelow(path);
    return stat.isFile() && readFileSync(path).includes(MARK) ? [path] : [];
  });
}
