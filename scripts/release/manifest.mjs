// Makes the published package.json and README from those in the repository.

import { posix } from 'node:path';

/**
 * @typedef {Record<string, unknown> & { name: string, version: string, exports: Record<string, string> }} SourceManifest
 * @typedef {Record<string, unknown> & { name: string, version: string }} Manifest
 */

const ONLY_HERE = ['private', 'devDependencies', 'scripts', 'imports'];
/** A package that nothing imports is a bundle, which holds its dependencies. */
const IN_A_BUNDLE = [...ONLY_HERE, 'dependencies'];

/**
 * In the repository every package is private, so that no `npm publish` can be a slip. Here it is not; without the
 * provenance of the release workflow npm still refuses to publish it.
 * @param {SourceManifest} manifest
 * @param {string} folder      Of the package, relative to the root.
 * @param {{ repository: string, api: boolean }} options  The repository's address, and whether programs import the package.
 * @returns {Manifest}
 */
export function publishedManifest(manifest, folder, { repository, api }) {
  if (manifest['private'] !== true)
    throw new Error(`${folder}/package.json has to say "private": true`);
  const left = api ? ONLY_HERE : IN_A_BUNDLE;
  const kept = Object.entries(manifest).filter(([key]) => !left.includes(key));
  return {
    name: manifest.name,
    version: manifest.version,
    ...Object.fromEntries(kept),
    exports: publishedExports(manifest.exports, api),
    repository: { type: 'git', url: `git+${repository}.git`, directory: folder },
    homepage: `${repository}#readme`,
    bugs: { url: `${repository}/issues` },
    publishConfig: { access: 'public', provenance: true },
  };
}

/**
 * In the repository `exports` name sources. A package that programs import has them compiled in dist; in another package only the
 * repository's own bundles use them.
 * @param {Record<string, string>} exports
 * @param {boolean} api
 */
function publishedExports(exports, api) {
  /** @type {Record<string, string | { types: string, default: string }>} */
  const published = {};
  for (const [path, file] of Object.entries(exports)) {
    const source = /^\.\/src\/(.+)\.ts$/.exec(file)?.[1];
    if (source === undefined) published[path] = file;
    else if (api)
      published[path] = { types: `./dist/${source}.d.ts`, default: `./dist/${source}.js` };
  }
  return published;
}

/**
 * Links of a README to other pages lead to the repository, at the tag of the version.
 * @param {string} text
 * @param {string} folder
 * @param {string} base  Address of the files of the version.
 */
export function publishedReadme(text, folder, base) {
  return text.replaceAll(/\]\((?!https?:|#)([^)]+)\)/g, (_, /** @type {string} */ link) => {
    const path = posix.join(folder, link);
    if (path.startsWith('..'))
      throw new Error(`${folder}/README.md: ${link} leaves the repository`);
    return `](${base}/${path})`;
  });
}
