/* Wheels for a trial of pip: stored zips, small enough to be written by hand. */
import { createHash } from 'node:crypto';
import { storedZip, type StoredEntry } from '@tarwarden/guarded-run/trial-archives';

const VERSION = '1.0.0';

export interface WheelFile {
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** How a wheel spells a project: its folder is called so as well. */
export function moduleName(name: string): string {
  return name.replaceAll('-', '_');
}

function wheelName(name: string): string {
  return `${moduleName(name)}-${VERSION}-py3-none-any.whl`;
}

/** A wheel in order, which every guard lets pass. */
export function cleanWheel(name: string): WheelFile {
  return { fileName: wheelName(name), bytes: storedZip(entries(name)) };
}

/** One that no default policy lets pass: a link, which pip writes as a file with the target in it, and a path twice. */
export function canaryWheel(name: string): WheelFile {
  const folder = moduleName(name);
  const more: readonly StoredEntry[] = [
    { path: `${folder}/canary.txt`, body: 'one line\n' },
    { path: `${folder}/canary.txt`, body: 'another line\n' },
    { path: `${folder}/link.txt`, body: 'canary.txt', isLink: true },
  ];
  return { fileName: wheelName(name), bytes: storedZip([...entries(name), ...more]) };
}

function entries(name: string): readonly StoredEntry[] {
  const folder = moduleName(name);
  const info = `${folder}-${VERSION}.dist-info`;
  const files: readonly (readonly [string, string])[] = [
    [`${folder}/__init__.py`, ''],
    [`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${VERSION}\n`],
    [
      `${info}/WHEEL`,
      'Wheel-Version: 1.0\nGenerator: tarwarden\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ],
  ];
  const record = files.map(([path, body]) => `${path},sha256=${sha256(body)},${body.length}\n`);
  const last = [`${info}/RECORD`, `${record.join('')}${info}/RECORD,,\n`] as const;
  return [...files, last].map(([path, body]) => ({ path, body }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
