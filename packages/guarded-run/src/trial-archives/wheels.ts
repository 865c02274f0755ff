/* Wheels for a trial of pip. */
import { createHash } from 'node:crypto';
import type { TrialArchive } from './trial-archive.ts';
import { storedZip, type StoredEntry } from './stored-zip.ts';

const VERSION = '1.0.0';

const WHEEL =
  'Wheel-Version: 1.0\nGenerator: tarwarden\nRoot-Is-Purelib: true\nTag: py3-none-any\n';

/** The name of a project as a wheel spells it in its file name and as the name of its folder. */
export function wheelModule(name: string): string {
  return name.replaceAll('-', '_');
}

function wheelFileName(name: string): string {
  return `${wheelModule(name)}-${VERSION}-py3-none-any.whl`;
}

/** A wheel that every guard accepts. */
export function cleanWheel(name: string): TrialArchive {
  return { fileName: wheelFileName(name), bytes: storedZip(entries(name)) };
}

/** A wheel that the default policy rejects: it has a link, which pip writes as a file that holds the target, and a path twice. */
export function canaryWheel(name: string): TrialArchive {
  const folder = wheelModule(name);
  const more: readonly StoredEntry[] = [
    { path: `${folder}/canary.txt`, body: 'one line\n' },
    { path: `${folder}/canary.txt`, body: 'another line\n' },
    { path: `${folder}/link.txt`, body: 'canary.txt', isLink: true },
  ];
  return { fileName: wheelFileName(name), bytes: storedZip([...entries(name), ...more]) };
}

function entries(name: string): readonly StoredEntry[] {
  const folder = wheelModule(name);
  const info = `${folder}-${VERSION}.dist-info`;
  const files: readonly (readonly [string, string])[] = [
    [`${folder}/__init__.py`, ''],
    [`${info}/METADATA`, pythonMetadata(name)],
    [`${info}/WHEEL`, WHEEL],
  ];
  const record = files.map(([path, body]) => `${path},sha256=${sha256(body)},${body.length}\n`);
  const last = [`${info}/RECORD`, `${record.join('')}${info}/RECORD,,\n`] as const;
  return [...files, last].map(([path, body]) => ({ path, body }));
}

/** The METADATA file of a wheel. */
function pythonMetadata(name: string): string {
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${VERSION}\n`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
