/** The guards with the hole that they once had: what they inspected is handed on as a bare tar. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUILT, type Bundles } from '../../e2e/views/guard-set-up.ts';

/** Text of the bundles, and what takes its place. */
const FROM = /\bPREFACE = preface\(\);/g;
const TO = 'PREFACE = new Uint8Array();';

function plant(from: string, to: string): string {
  const text = readFileSync(from, 'utf8');
  if (!FROM.test(text)) throw new Error(`${from} has no ${FROM.source}`);
  writeFileSync(to, text.replace(FROM, TO));
  return to;
}

/** Writes copies of the npm and the Yarn guard with the hole in them to a folder. That of pnpm hands on the file itself. */
export function plantedBundles(folder: string): Bundles {
  mkdirSync(folder, { recursive: true });
  const preload = join(folder, 'preload.cjs');
  copyFileSync(BUILT.preload, preload);
  for (const file of ['guard.cjs', 'links-out.cjs'])
    copyFileSync(join(dirname(BUILT.preload), file), join(folder, file));
  plant(join(dirname(BUILT.preload), 'inspector.cjs'), join(folder, 'inspector.cjs'));
  const plugin = plant(BUILT.plugin, join(folder, 'plugin-tarwarden.cjs'));
  return { ...BUILT, preload, plugin };
}
