/* Archives with a link that leads out of them. A gateway has to refuse them. Nothing unpacks them, so they do no harm. */
import { gzipSync } from 'node:zlib';
import { storedZip } from './stored-zip.ts';
import { tar } from './tar.ts';

/** A hostile archive, and the rule that must reject it. */
export interface GatewayTrial {
  readonly bytes: Buffer;
  readonly format: 'npm' | 'wheel' | 'sdist' | 'gem' | 'gomod';
  readonly expected: {
    readonly name?: string;
    readonly version?: string;
    readonly fileName?: string;
  };
  readonly rule: 'symlink' | 'gem-link-escapes';
}

const OUTSIDE = '../../outside';

export const NPM_TRIAL: GatewayTrial = {
  bytes: gzipSync(tar([{ path: 'package/link', link: OUTSIDE }])),
  format: 'npm',
  expected: { name: 'link', version: '1.0.0' },
  rule: 'symlink',
};

export const PYPI_TRIALS: readonly GatewayTrial[] = [
  {
    bytes: storedZip([{ path: 'link/link', body: OUTSIDE, isLink: true }]),
    format: 'wheel',
    expected: { name: 'link', version: '1.0', fileName: 'link-1.0-py3-none-any.whl' },
    rule: 'symlink',
  },
  {
    bytes: gzipSync(tar([{ path: 'link-1.0/link', link: OUTSIDE }])),
    format: 'sdist',
    expected: { name: 'link', version: '1.0', fileName: 'link-1.0.tar.gz' },
    rule: 'symlink',
  },
];

export const GEM_TRIAL: GatewayTrial = {
  bytes: tar([
    { path: 'metadata.gz', body: gzipSync('--- !ruby/object:Gem::Specification\nname: link\n') },
    { path: 'data.tar.gz', body: gzipSync(tar([{ path: 'link', link: OUTSIDE }])) },
  ]),
  format: 'gem',
  expected: { fileName: 'link-1.0.gem' },
  rule: 'gem-link-escapes',
};

export const GO_TRIAL: GatewayTrial = {
  bytes: storedZip([
    { path: 'example.org/link@v1.0.0/go.mod', body: 'module example.org/link\n' },
    { path: 'example.org/link@v1.0.0/link', body: OUTSIDE, isLink: true },
  ]),
  format: 'gomod',
  expected: { name: 'example.org/link', version: 'v1.0.0' },
  rule: 'symlink',
};
