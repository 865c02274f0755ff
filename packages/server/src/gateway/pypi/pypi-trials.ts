import { gzipSync } from 'node:zlib';
import { storedZip, tar } from '@tarwarden/guarded-run/trial-archives';
import type { Trial } from '../ready.ts';

/** A wheel and an sdist with a link that leads out of them. Aimed at nothing: they are never unpacked. */
export const PYPI_TRIALS: readonly Trial[] = [
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
