// Lists the third-party packages in a bundle. Their licence texts are put beside it, and a release lists them.

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/**
 * @typedef {object} BundledPackage
 * @property {string} name
 * @property {string} version
 * @property {string} license
 * @property {string} folder  Relative to the root, with slashes.
 */

/**
 * The packages of which a bundle really holds code, sorted by name and version.
 * @param {import('esbuild').Metafile | undefined} metafile
 * @param {readonly string[]} [files]  Only of these outputs; of all by default.
 * @returns {Promise<BundledPackage[]>}
 */
export async function bundledPackages(metafile, files = ['']) {
  const inputs = Object.entries(metafile?.outputs ?? {})
    .filter(([path]) => files.some((file) => path.includes(`/${file}`)))
    .flatMap(([, output]) => Object.entries(output.inputs));
  /** @type {Set<string>} */
  const folders = new Set();
  for (const [input, { bytesInOutput }] of inputs) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
    if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
  }
  return sorted(await Promise.all([...folders].map(packageIn)));
}

/**
 * @param {readonly BundledPackage[]} packages
 * @returns {BundledPackage[]} Each once.
 */
export function sorted(packages) {
  const byName = new Map(packages.map((found) => [`${found.name}@${found.version}`, found]));
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}

/**
 * Writes the licence texts of packages; removes the file when there is none.
 * @param {readonly BundledPackage[]} packages
 * @param {string} output
 */
export async function writeThirdPartyLicenses(packages, output) {
  const texts = await Promise.all(packages.map(licenseOf));
  if (texts.length === 0) await rm(output, { force: true });
  else await writeFile(output, `${texts.join('\n\n')}\n`);
}

/**
 * @param {string} folder
 * @returns {Promise<BundledPackage>}
 */
export async function packageIn(folder) {
  const text = await readFile(join(root, folder, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(text);
  return { name, version, license, folder };
}

/** @param {BundledPackage} bundled */
async function licenseOf({ name, version, license, folder }) {
  const files = await readdir(join(root, folder));
  const file = files.find((name) => /^licen[cs]e(\.|$)/i.test(name));
  const text = file ? (await readFile(join(root, folder, file), 'utf8')).trim() : '';
  return `${name} ${version} (${license})\n\n${text}`;
}
