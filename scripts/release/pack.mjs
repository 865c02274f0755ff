// Packs one package as it is published: the files that its package.json lists, with the manifest and the README of manifest.mjs.

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { publishedManifest, publishedReadme } from './manifest.mjs';

/**
 * @param {import('./artefacts.mjs').ReleasedPackage} released
 * @param {string} output      Folder for the tarball.
 * @param {string} repository
 * @returns {string} Path of the tarball.
 */
export function pack({ folder: name, api }, output, repository) {
  const folder = `packages/${name}`;
  const staged = mkdtempSync(join(tmpdir(), 'tarwarden-release-'));
  try {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    for (const file of manifest.files)
      cpSync(join(root, folder, file), join(staged, file), { recursive: true });
    const own = join(root, folder, 'LICENSE');
    cpSync(existsSync(own) ? own : join(root, 'LICENSE'), join(staged, 'LICENSE'));
    const published = publishedManifest(manifest, folder, { repository, api });
    writeFileSync(join(staged, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
    const readme = readFileSync(join(root, folder, 'README.md'), 'utf8');
    const base = `${repository}/blob/v${manifest.version}`;
    writeFileSync(join(staged, 'README.md'), publishedReadme(readme, folder, base));
    return pnpmPack(staged, output);
  } finally {
    rmSync(staged, { recursive: true, force: true });
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
