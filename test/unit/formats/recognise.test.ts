import { describe, expect, it } from 'vitest';
import { recogniseFormat } from '@tarwarden/core';
import { pkg, tgz } from '../../support/pkg.ts';
import { sdist, sdistTar } from '../../support/sdist.ts';

describe('recogniseFormat', () => {
  it.each([
    ['left-pad-npm-1.3.0-0a1b2c3d4e-8.zip', 'yarn-zip'],
    ['A.ZIP', 'yarn-zip'],
    ['a-1.0.0.tgz', 'npm'],
    ['six-1.17.0-py2.py3-none-any.whl', 'wheel'],
    ['no-name', 'npm'],
  ])('%s is %s where the bytes say nothing', (name, format) => {
    expect(recogniseFormat(name, new Uint8Array())).toBe(format);
  });
});

describe('recogniseFormat of a tarball', () => {
  it.each([
    ['an sdist', sdist(), 'fixture-1.0.0.tar.gz', 'sdist'],
    ['an sdist named as npm names its own', sdist(), 'fixture-1.0.0.tgz', 'sdist'],
    ['an sdist that is not compressed', sdistTar(), 'fixture-1.0.0.tar', 'sdist'],
    ['one of which the name says that it is', sdistTar(), 'fixture-1.0.0.tar.gz', 'npm'],
    ['a package of npm that is not compressed', pkg(), 'fixture-1.0.0.tar', 'npm'],
    ['an sdist by another name', sdist(), 'fixture', 'npm'],
    ['one that pip alone takes', Buffer.alloc(0), 'fixture-1.0.0.tar.xz', 'sdist'],
    ['a package of npm', tgz(), 'fixture-1.0.0.tgz', 'npm'],
    [
      'a package of npm with a PKG-INFO',
      tgz({ top: 'x', files: { 'PKG-INFO': '' } }),
      'x.tar.gz',
      'npm',
    ],
    ['an sdist with a package.json', sdist({ files: { 'package.json': '{}' } }), 'x.tar.gz', 'npm'],
    [
      'a PKG-INFO further down',
      sdist({ pkgInfo: null, files: { 'a/PKG-INFO': '' } }),
      'x.tar.gz',
      'npm',
    ],
    ['a damaged one', sdist().subarray(0, 9), 'fixture-1.0.0.tar.gz', 'npm'],
  ])('%s', (_what, bytes, name, format) => {
    expect(recogniseFormat(name, bytes)).toBe(format);
  });
});
