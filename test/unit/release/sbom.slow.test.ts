import { describe, expect, it } from 'vitest';
import { billOfMaterials, schemaProblems } from '../../../scripts/release/sbom.mjs';

const library = (name: string, version: string, license = 'MIT') => ({
  name,
  version,
  license,
  folder: `node_modules/${name}`,
});
const artefact = (name: string, ...bundled: ReturnType<typeof library>[]) => ({
  name,
  version: '1.2.3',
  license: 'MIT',
  file: `${name}.tgz`,
  sha512: 'ab'.repeat(64),
  isPackage: true,
  bundled,
});

interface Bom {
  components: { 'bom-ref': string; purl?: string; type: string }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}
const made = [
  artefact('tool', library('@scope/b', '2.0.0', 'ISC'), library('a', '1.0.0')),
  artefact('hook', library('a', '1.0.0'), library('a', '1.5.0', '(MIT OR Apache-2.0)')),
];

describe('the bill of materials', () => {
  const text = billOfMaterials(made, '1.2.3');
  const bom = JSON.parse(text) as Bom;

  it('is valid', async () => {
    expect(await schemaProblems(text)).toBeNull();
    const broken = text.replaceAll('"application"', '"aplication"');
    expect(await schemaProblems(broken)).not.toBeNull();
  });

  it('names each component once, and which file holds it', () => {
    expect(bom.components.map((one) => one['bom-ref']).toSorted()).toEqual([
      '@scope/b@2.0.0',
      'a@1.0.0',
      'a@1.5.0',
      'hook@1.2.3',
      'tool@1.2.3',
    ]);
    const held = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    expect(held.get('tool@1.2.3')).toEqual(['@scope/b@2.0.0', 'a@1.0.0']);
    expect(held.get('hook@1.2.3')).toEqual(['a@1.0.0', 'a@1.5.0']);
    expect(bom.components.find((one) => one['bom-ref'] === '@scope/b@2.0.0')).toMatchObject({
      type: 'library',
      purl: 'pkg:npm/%40scope/b@2.0.0',
    });
  });

  it('is the same for the same files in any order', () => {
    expect(billOfMaterials(made.toReversed(), '1.2.3')).toBe(text);
  });
});
