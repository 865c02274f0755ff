import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { METADATA } from '../../../packages/yarn-classic-wrapper/src/folder-note.ts';
import {
  keptManifest,
  manifestDigest,
  parseNoted,
} from '../../../packages/yarn-classic-wrapper/src/kept.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

describe('the manifest that Yarn keeps', () => {
  const manifest = { name: 'a', bin: { a: './a.js' } };

  test('is told from any other by its digest, whatever else is noted', () => {
    writeFileSync(join(folder, METADATA), JSON.stringify({ artifacts: ['x'], manifest }, null, 2));
    expect(keptManifest(folder)).toBe(manifestDigest(manifest));
    writeFileSync(join(folder, METADATA), JSON.stringify({ manifest: { ...manifest, bin: {} } }));
    expect(keptManifest(folder)).not.toBe(manifestDigest(manifest));
  });

  test.each(['', '{', 'null', '{"hash":"x"}'])('is not there in %j', (text) => {
    writeFileSync(join(folder, METADATA), text);
    expect(keptManifest(folder)).toBeUndefined();
  });

  test('is not there without a note, and not behind a link', () => {
    expect(keptManifest(folder)).toBeUndefined();
    writeFileSync(join(folder, 'other'), JSON.stringify({ manifest }));
    symlinkSync('other', join(folder, METADATA));
    expect(keptManifest(folder)).toBeUndefined();
  });
});

describe('what was remembered of a folder', () => {
  const noted = { note: 'n', integrity: 'sha512-x', sha1: 's', git: false };

  test.each([noted, { ...noted, manifest: 'm' }])('is read again: %j', (one) => {
    expect(parseNoted(JSON.stringify(one))).toEqual(one);
  });

  test.each(['', 'null', '{"note":"n"}'])('is nothing where it is %j', (text) => {
    expect(parseNoted(text)).toBeUndefined();
  });
});
