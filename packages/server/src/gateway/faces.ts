import type { Ecosystem } from '@tarwarden/core';
import type { Face } from './face.ts';
import { GoFace } from './go/go-face.ts';
import { NpmFace, type NpmParts } from './npm-face.ts';
import { PypiFace } from './pypi/pypi-face.ts';
import { RubyGemsFace } from './rubygems/rubygems-face.ts';

/** The face for the clients of an ecosystem. */
export function faceOf(ecosystem: Ecosystem, parts: NpmParts): Face {
  switch (ecosystem) {
    case 'npm':
      return new NpmFace(parts);
    case 'go':
      return new GoFace(parts);
    case 'pypi':
      return new PypiFace(parts);
    case 'rubygems':
      return new RubyGemsFace(parts);
  }
}

/** Where public registries have their files, by host: their documents name it. */
const FILES_OF: ReadonlyMap<string, string> = new Map([
  ['pypi.org', 'files.pythonhosted.org'],
  ['test.pypi.org', 'test-files.pythonhosted.org'],
]);

/** Hosts that the documents of a registry may name, beside those that somebody allows. */
export function hostsBehind(ecosystem: Ecosystem, { protocol, host }: URL): readonly string[] {
  const files = FILES_OF.get(host);
  return ecosystem === 'pypi' && protocol === 'https:' && files !== undefined ? [files] : [];
}
