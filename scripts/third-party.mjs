// A bundle contains other people's code: their licence texts go beside it.

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/**
 * Writes the licence texts of every package that the bundle includes; removes the file when there is none.
 * @param {import('esbuild').Metafile | undefined} metafile
 * @param {string} output
 */
export async function writeThirdPartyLicenses(metafile, output) {
  /** @type {Set<string>} */
  const folders = new Set();
  for (const input of Object.keys(metafile?.inputs ?? {})) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
    if (folder) folders.add(folder);
  }
  /** @type {string[]} */
  const texts = [];
  for (const folder of [...folders].toSorted()) texts.push(await licenseOf(join(root, folder)));
  if (texts.length === 0) await rm(output, { force: true });
  else await writeFile(output, `${texts.toSorted().join('\n\n')}\n`);
}

/** @param {string} folder */
async function licenseOf(folder) {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = await readdir(folder);
  const file = files.find((name) => /^licen[cs]e(\.|$)/i.test(name));
  const text = file ? (await readFile(join(folder, file), 'utf8')).trim() : '';
  return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${text}`;
}
