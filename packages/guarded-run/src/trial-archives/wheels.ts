/* Wheels for a trial of pip. */
import { createHash } from 'node:crypto';
import type { TrialArchive, TrialKind } from './trial-archive.ts';
import { storedZip, type StoredEntry } from './stored-zip.ts';

const VERSION = '1.0.0';

const WHEEL =
  'Wheel-Version: 1.0\nGenerator: tarwarden\nRoot-Is-Purelib: true\nTag: py3-none-any\n';

/** The name of a project as a wheel spells it in its file name and as the name of its folder. */
export function wheelModule(name: string): string {
  return name.replaceAll('-', '_');
}

/** A wheel. The canary has a link, which pip writes as a file that holds the target, and a path twice. */
export function trialWheel(name: string, kind: TrialKind): TrialArchive {
  const folder = wheelModule(name);
  const more: readonly StoredEntry[] = [
    { path: `${folder}/canary.txt`, body: 'one line\n' },
    { path: `${folder}/canary.txt`, body: 'another line\n' },
    { path: `${folder}/link.txt`, body: 'canary.txt', isLink: true },
  ];
  const fileName = `${folder}-${VERSION}-py3-none-any.whl`;
  return { fileName, bytes: storedZip([...entries(name), ...(kind === 'canary' ? more : [])]) };
}

function entries(name: string): readonly StoredEntry[] {
  const folder = wheelModule(name);
  const info = `${folder}-${VERSION}.dist-info`;
  const files: readonly (readonly [string, string])[] = [
    [`${folder}/__init__.py`, ''],
    [`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${VERSION}\n`],
    [`${info}/WHEEL`, WHEEL],
  ];
  const record = files.map(([path, body]) => `${path},sha256=${sha256(body)},${body.length}\n`);
  const last = [`${info}/RECORD`, `${record.join('')}${info}/RECORD,,\n`] as const;
  return [...files, last].map(([path, body]) => ({ path, body }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
