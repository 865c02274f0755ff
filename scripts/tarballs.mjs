// `pnpm tarballs [FOLDER]`: packs what people install, for as long as it is not on a registry, and writes down the SHA-512 of each
// file, so that it can be checked after it was carried elsewhere. Needs a build, which the package script makes first.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { root } from './workspace.mjs';

/** Packages as a manager installs them, and single files that a manager loads. */
const packages = ['cli', 'pnpm-hook'];
const files = ['yarn-plugin/dist/plugin-tarwarden.cjs'];

const folder = resolve(process.argv[2] ?? join(root, 'tarballs'));
mkdirSync(folder, { recursive: true });
// What an earlier version left would be in the list as well.
for (const name of readdirSync(folder))
  if (/\.(?:tgz|cjs)$|^SHA512SUMS$/.test(name)) rmSync(join(folder, name));

for (const name of packages) {
  const { status, error, stderr } = spawnSync('pnpm', ['pack', '--pack-destination', folder], {
    cwd: join(root, 'packages', name),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status === 0) continue;
  const missing = error !== undefined && 'code' in error && error.code === 'ENOENT';
  console.error(missing ? 'there is no pnpm on the PATH: run "npx -y pnpm@12 tarballs"' : stderr);
  process.exit(1);
}
for (const file of files) copyFileSync(join(root, 'packages', file), join(folder, basename(file)));

const made = readdirSync(folder).filter((name) => /\.(?:tgz|cjs)$/.test(name));
const sums = made.toSorted().map((name) => {
  const digest = createHash('sha512')
    .update(readFileSync(join(folder, name)))
    .digest();
  console.log(`${name}\n  sha512-${digest.toString('base64')}`);
  return `${digest.toString('hex')}  ${name}\n`;
});
writeFileSync(join(folder, 'SHA512SUMS'), sums.join(''));
console.log(`in ${folder}; check them anywhere with: sha512sum -c SHA512SUMS`);
