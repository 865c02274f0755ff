// The bill of materials in CycloneDX: what is in the files of a release, as the bundler counted it.

import * as CDX from '@cyclonedx/cyclonedx-library';

/** @typedef {import('../third-party.mjs').BundledPackage} BundledPackage */

/**
 * @typedef {object} Artefact
 * @property {string} name
 * @property {string} version
 * @property {string} license
 * @property {string} file
 * @property {string} sha512                            In hexadecimal.
 * @property {boolean} isPackage                        Whether npm installs it under its name.
 * @property {readonly BundledPackage[]} bundled        What it holds.
 */

/** A text that is no SPDX identifier counts as an SPDX expression. A test validates the whole document. */
const licenses = new CDX.Contrib.License.Factories.LicenseFactory(() => {});

/**
 * No time and no serial number in it: the same release gives the same bytes.
 * @param {readonly Artefact[]} artefacts
 * @param {string} version
 */
export function billOfMaterials(artefacts, version) {
  const bom = new CDX.Models.Bom();
  const release = component('tarwarden-release', version, 'MIT');
  bom.metadata.component = release;
  /** @type {Map<string, CDX.Models.Component>} */
  const libraries = new Map();
  for (const artefact of artefacts) {
    const made = component(artefact.name, artefact.version, artefact.license, artefact.isPackage);
    made.description = artefact.file;
    made.hashes.set(CDX.Enums.HashAlgorithm['SHA-512'], artefact.sha512);
    for (const { name, version: held, license } of artefact.bundled) {
      const key = `${name}@${held}`;
      const library =
        libraries.get(key) ?? component(name, held, license, true, CDX.Enums.ComponentType.Library);
      libraries.set(key, library);
      made.dependencies.add(library.bomRef);
    }
    bom.components.add(made);
    release.dependencies.add(made.bomRef);
  }
  for (const library of libraries.values()) bom.components.add(library);
  const format = new CDX.Serialize.JSON.Normalize.Factory(CDX.Spec.Spec1dot6);
  const options = { sortLists: true, space: 2 };
  return `${new CDX.Serialize.JsonSerializer(format).serialize(bom, options)}\n`;
}

/**
 * Compares a bill of materials with the schema of CycloneDX.
 * @param {string} text
 * @returns {Promise<object | null>} Problems, or null.
 */
export const schemaProblems = (text) =>
  new CDX.Validation.JsonStrictValidator(CDX.Spec.Version.v1dot6).validate(text);

/**
 * @param {string} name
 * @param {string} version
 * @param {string} license
 * @param {boolean} [isPackage]
 * @param {CDX.Enums.ComponentType} [type]
 */
function component(
  name,
  version,
  license,
  isPackage = false,
  type = CDX.Enums.ComponentType.Application,
) {
  const [, group, own = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  const made = new CDX.Models.Component(type, own, { version, bomRef: `${name}@${version}` });
  if (group !== undefined) made.group = group;
  made.licenses.add(licenses.makeFromString(license));
  if (isPackage) made.purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return made;
}
