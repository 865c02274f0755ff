/* Hostile archives that a gateway has to refuse before it serves. Nothing ever unpacks them. */
import { gzipSync } from 'node:zlib';
import { storedZip, tar } from '@tarwarden/guarded-run/trial-archives';
import type { GatewayTrial } from './ready.ts';

const MODULE_FOLDER = 'example.org/link@v1.0.0';

/** A module with a link that leads out of it. */
export const GO_TRIAL: GatewayTrial = {
  bytes: storedZip([
    { path: `${MODULE_FOLDER}/go.mod`, body: 'module example.org/link\n' },
    { path: `${MODULE_FOLDER}/link`, body: '../../outside', isLink: true },
  ]),
  format: 'gomod',
  expected: { name: 'example.org/link', version: 'v1.0.0' },
  rule: 'symlink',
};

/** A wheel and an sdist with a link that leads out of them. */
export const PYPI_TRIALS: readonly GatewayTrial[] = [
  {
    bytes: storedZip([{ path: 'link/link', body: '../../outside', isLink: true }]),
    format: 'wheel',
    expected: { name: 'link', version: '1.0', fileName: 'link-1.0-py3-none-any.whl' },
    rule: 'symlink',
  },
  {
    bytes: gzipSync(tar([{ path: 'link-1.0/link', link: '../../outside' }])),
    format: 'sdist',
    expected: { name: 'link', version: '1.0', fileName: 'link-1.0.tar.gz' },
    rule: 'symlink',
  },
];

/** A gem with a link that leads out of it. */
export const GEM_TRIAL: GatewayTrial = {
  bytes: tar([
    { path: 'metadata.gz', body: gzipSync('--- !ruby/object:Gem::Specification\nname: link\n') },
    { path: 'data.tar.gz', body: gzipSync(tar([{ path: 'link', link: '../../outside' }])) },
  ]),
  format: 'gem',
  expected: { fileName: 'link-1.0.gem' },
  rule: 'gem-link-escapes',
};
