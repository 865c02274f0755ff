// `pnpm release --dry-run [FOLDER]`: makes all that a release publishes, and checks it, without publishing anything. Needs a build, which
// the package script makes first. The same commit gives the same bytes, with the same pnpm.
// `--for-publication` instead of `--dry-run` also fails while package.json does not name the repository's real address.

import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { extract } from 'tar';
import { files, hookFolder, packages } from './release/artefacts.mjs';
import { problemsOf } from './release/check.mjs';
import { isToBeFilledIn } from './release/contents.mjs';
import { pack } from './release/pack.mjs';
import { billOfMaterials } from './release/sbom.mjs';
import { root } from './workspace.mjs';

const [flag, target = join(root, 'release')] = process.argv.slice(2);
if ((flag !== '--dry-run' && flag !== '--for-publication') || process.argv.length > 4) {
  console.error(
    'usage: release --dry-run|--for-publication [FOLDER]\n.github/workflows/release.yml publishes what this makes, from a protected environment; nothing else does',
  );
  process.exit(2);
}

const folder = resolve(target);
const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** @type {Record<string, import('./third-party.mjs').BundledPackage[]>} */
const bundled = JSON.parse(readFileSync(join(root, '.cache/bundled.json'), 'utf8'));
/** @type {import('./release/sbom.mjs').Artefact[]} */
const artefacts = [];

mkdirSync(folder, { recursive: true });
// Otherwise files of an earlier version would be in the list as well.
for (const name of readdirSync(folder)) {
  if (!/\.(?:tgz|cjs|sha512|json|md)$|^SHA512SUMS$/.test(name) && name !== hookFolder.name)
    continue;
  rmSync(join(folder, name), { recursive: true });
}

let failures = 0;
if (isToBeFilledIn(repository)) {
  console.error(
    'package.json: the owner has to fill in the address of the repository ("repository") before anything is published',
  );
  if (flag === '--for-publication') failures += 1;
}
for (const released of packages) {
  const { folder: name, api } = released;
  const file = pack(released, folder, repository);
  for (const problem of await problemsOf(file, api)) {
    failures += 1;
    console.error(`${basename(file)}: ${problem}`);
  }
  artefacts.push(artefact(name, file, true));
  if (name === hookFolder.folder) await unpackHook(file);
}
for (const path of files) {
  const file = join(folder, basename(path));
  copyFileSync(join(root, 'packages', path), file);
  copyFileSync(join(root, 'packages', `${path}.sha512`), `${file}.sha512`);
  artefacts.push(artefact(path.split('/')[0] ?? '', file, false));
}
const version = artefacts[0]?.version ?? '';
const others = new Set(
  artefacts.map((found) => found.version).filter((found) => found !== version),
);
if (others.size > 0) throw new Error(`versions differ: ${version}, ${[...others].join(', ')}`);
writeFileSync(join(folder, `tarwarden-${version}.cdx.json`), billOfMaterials(artefacts, version));
copyFileSync(join(root, 'docs/tested-with.md'), join(folder, 'tested-with.md'));
copyFileSync(join(root, 'packages/cli/CHANGELOG.md'), join(folder, 'CHANGELOG.md'));

const names = readdirSync(folder).filter((name) => /\.(?:tgz|cjs|json|md)$/.test(name));
const sums = names.toSorted().map((name) => {
  console.log(`${name}\n  sha512-${digest(name).toString('base64')}`);
  return `${digest(name).toString('hex')}  ${name}\n`;
});
writeFileSync(join(folder, 'SHA512SUMS'), sums.join(''));
console.log(`in ${folder}; check them anywhere with: sha512sum -c SHA512SUMS`);
if (failures > 0) {
  console.error('the packages above are not fit to be published');
  process.exit(1);
}

/** @param {string} name */
function digest(name) {
  return createHash('sha512')
    .update(readFileSync(join(folder, name)))
    .digest();
}

/**
 * @param {string} name     Of the package's folder.
 * @param {string} file
 * @param {boolean} isPackage
 * @returns {import('./release/sbom.mjs').Artefact}
 */
function artefact(name, file, isPackage) {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  return {
    name: isPackage ? manifest.name : basename(file),
    version: manifest.version,
    license: manifest.license,
    file: basename(file),
    sha512: digest(basename(file)).toString('hex'),
    isPackage,
    bundled: bundled[name] ?? [],
  };
}

/** @param {string} file */
async function unpackHook(file) {
  const cwd = join(folder, hookFolder.name);
  mkdirSync(cwd);
  await extract({ file, cwd, strip: 1 });
}
