// Packs one package as it is published: what pnpm packs of its folder, with the manifest and the README of manifest.mjs.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar';
import { root } from '../workspace.mjs';
import { publishedManifest, publishedReadme } from './manifest.mjs';

/**
 * @param {import('./artefacts.mjs').ReleasedPackage} released
 * @param {string} output      Folder for the tarball.
 * @param {string} repository
 * @returns {Promise<string>} Path of the tarball.
 */
export async function pack({ folder: name, api }, output, repository) {
  const folder = `packages/${name}`;
  const work = mkdtempSync(join(tmpdir(), 'tarwarden-release-'));
  try {
    const staged = join(work, 'package');
    mkdirSync(staged);
    await extract({ file: pnpmPack(join(root, folder), join(work, 'first')), cwd: work });
    const manifest = JSON.parse(readFileSync(join(staged, 'package.json'), 'utf8'));
    const published = publishedManifest(manifest, folder, { repository, api });
    writeFileSync(join(staged, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
    const readme = join(staged, 'README.md');
    const base = `${repository}/blob/v${manifest.version}`;
    writeFileSync(readme, publishedReadme(readFileSync(readme, 'utf8'), folder, base));
    return pnpmPack(staged, output);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {string} output
 */
function pnpmPack(folder, output) {
  mkdirSync(output, { recursive: true });
  const before = new Set(readdirSync(output));
  const { status, error, stderr } = spawnSync('pnpm', ['pack', '--pack-destination', output], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT')
    throw new Error('there is no pnpm on the PATH: run "npx -y pnpm@12 release --dry-run"');
  const made = readdirSync(output).find((name) => !before.has(name));
  if (status !== 0 || made === undefined) throw new Error(`pnpm pack in ${folder}: ${stderr}`);
  return join(output, made);
}
