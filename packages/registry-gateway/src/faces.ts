import type { Ecosystem } from '@tarwarden/core';
import type { Face } from './face.ts';
import { GoFace } from './go/go-face.ts';
import { NpmFace, type NpmParts } from './npm-face.ts';

/** The face for the clients of an ecosystem. */
export function faceOf(ecosystem: Ecosystem, parts: NpmParts): Face {
  switch (ecosystem) {
    case 'npm':
      return new NpmFace(parts);
    case 'go':
      return new GoFace(parts);
    case 'pypi':
    case 'rubygems':
      throw new TypeError(`there is no gateway for ${ecosystem}`);
  }
}
