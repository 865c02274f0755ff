/* What each face of the gateway is asked while its registry answers oddly. */
import { createHash } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import type { Ecosystem } from '@tarwarden/core';
import { makeGem } from './gem/gems.ts';
import { moduleFiles, moduleZip } from './go/module-zip.ts';
import { wheelOf } from './pip/packages.ts';
import { tgz } from './pkg.ts';

export interface OddTarget {
  /** What the gateway is asked. */
  readonly target: string;
  /** What the gateway asks of the registry for it. */
  readonly path: string;
  readonly isArchive?: boolean;
  readonly method?: string;
  readonly body?: string;
}

export interface OddFace {
  readonly ecosystem: Ecosystem;
  /** Below the registry's address. */
  readonly base: string;
  readonly pages: (url: string) => Map<string, { readonly body: Buffer; readonly type: string }>;
  readonly targets: readonly OddTarget[];
}

const json = (value: unknown) => ({
  body: Buffer.from(JSON.stringify(value)),
  type: 'application/json',
});
const text = (value: string) => ({ body: Buffer.from(value), type: 'text/plain' });
const bytes = (body: Buffer) => ({ body, type: 'application/octet-stream' });
const digest = (algorithm: string, body: Buffer, encoding: 'hex' | 'base64') =>
  createHash(algorithm).update(body).digest(encoding);

const tarball = tgz({ name: 'clean' });
const wheel = wheelOf({ name: 'clean' });
const gem = makeGem({ name: 'clean' });
const zip = moduleZip({ module: 'example.org/clean@v1.0.0' });
const METADATA = Buffer.from('Metadata-Version: 2.1\nName: clean\nVersion: 1.0\n');
const MARSHALLED = Buffer.from([4, 8, 0x5b, 0]);

export const ODD_FACES: readonly OddFace[] = [
  {
    ecosystem: 'npm',
    base: '/',
    pages: (url) => {
      const dist = {
        tarball: `${url}/clean/-/clean-1.0.0.tgz`,
        integrity: `sha512-${digest('sha512', tarball, 'base64')}`,
      };
      const manifest = { name: 'clean', version: '1.0.0', dist };
      return new Map([
        ['/clean', json({ name: 'clean', versions: { '1.0.0': manifest } })],
        ['/clean/1.0.0', json(manifest)],
        ['/clean/-/clean-1.0.0.tgz', bytes(tarball)],
        ['/-/ping', json({})],
        ['/-/whoami', json({ username: 'somebody' })],
        ['/-/npm/v1/security/advisories/bulk', json({})],
      ]);
    },
    targets: [
      { target: '/clean/-/clean-1.0.0.tgz', path: '/clean/-/clean-1.0.0.tgz', isArchive: true },
      { target: '/clean', path: '/clean' },
      { target: '/-/ping', path: '/-/ping' },
      {
        target: '/-/npm/v1/security/advisories/bulk',
        path: '/-/npm/v1/security/advisories/bulk',
        method: 'POST',
        body: '{"clean":["1.0.0"]}',
      },
      // Who publishes is asked about first.
      { target: '/other', path: '/-/whoami', method: 'PUT', body: '{}' },
    ],
  },
  {
    ecosystem: 'pypi',
    base: '/simple/',
    pages: () => {
      const sha256 = digest('sha256', wheel.bytes, 'hex');
      const metadata = digest('sha256', METADATA, 'hex');
      const link = `<a href="/${wheel.fileName}#sha256=${sha256}" data-core-metadata="sha256=${metadata}">${wheel.fileName}</a>`;
      return new Map([
        ['/simple/clean/', { body: Buffer.from(`<html>${link}</html>`), type: 'text/html' }],
        [`/${wheel.fileName}`, bytes(wheel.bytes)],
        [`/${wheel.fileName}.metadata`, bytes(METADATA)],
      ]);
    },
    targets: [
      {
        target: `/files/clean/${wheel.fileName}`,
        path: `/${wheel.fileName}`,
        isArchive: true,
      },
      { target: '/simple/clean/', path: '/simple/clean/' },
      { target: `/files/clean/${wheel.fileName}.metadata`, path: `/${wheel.fileName}.metadata` },
    ],
  },
  {
    ecosystem: 'rubygems',
    base: '/',
    pages: () =>
      new Map([
        [`/gems/${gem.fileName}`, bytes(gem.bytes)],
        ['/versions', text('created_at: 2026-01-01\n---\nclean 1.0.0 x\n')],
        ['/names', text('---\nclean\n')],
        ['/info/clean', text('---\n1.0.0 |checksum:x\n')],
        ['/specs.4.8.gz', bytes(gzipSync(MARSHALLED))],
        ['/quick/Marshal.4.8/clean-1.0.0.gemspec.rz', bytes(deflateSync(MARSHALLED))],
      ]),
    targets: [
      { target: `/gems/${gem.fileName}`, path: `/gems/${gem.fileName}`, isArchive: true },
      ...['/info/clean', '/specs.4.8.gz'].map((target) => ({
        target,
        path: target,
      })),
      {
        target: '/quick/Marshal.4.8/clean-1.0.0.gemspec.rz',
        path: '/quick/Marshal.4.8/clean-1.0.0.gemspec.rz',
      },
    ],
  },
  {
    ecosystem: 'go',
    base: '/',
    pages: () =>
      new Map([
        ['/example.org/clean/@v/v1.0.0.zip', bytes(zip)],
        ['/example.org/clean/@v/list', text('v1.0.0\n')],
        ['/example.org/clean/@v/v1.0.0.info', json({ Version: 'v1.0.0' })],
        ['/example.org/clean/@v/v1.0.0.mod', text(moduleFiles('example.org/clean')['go.mod']!)],
        ['/example.org/clean/@latest', json({ Version: 'v1.0.0' })],
        ['/sumdb/sum.golang.org/latest', text('go.sum database tree\n1\nx\n')],
      ]),
    targets: [
      ...['@v/v1.0.0.mod', '@v/v1.0.0.zip'].map((rest) => ({
        target: `/example.org/clean/${rest}`,
        path: `/example.org/clean/${rest}`,
        isArchive: rest.endsWith('.zip'),
      })),
      { target: '/sumdb/sum.golang.org/latest', path: '/sumdb/sum.golang.org/latest' },
    ],
  },
];
