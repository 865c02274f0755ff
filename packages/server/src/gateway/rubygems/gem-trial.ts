import { gzipSync } from 'node:zlib';
import { tar } from '@tarwarden/guarded-run/trial-archives';
import type { Trial } from '../ready.ts';

/** A gem with a link that leads out of it. Aimed at nothing: it is never unpacked. */
export const GEM_TRIAL: Trial = {
  bytes: tar([
    { path: 'metadata.gz', body: gzipSync('--- !ruby/object:Gem::Specification\nname: link\n') },
    { path: 'data.tar.gz', body: gzipSync(tar([{ path: 'link', link: '../../outside' }])) },
  ]),
  format: 'gem',
  expected: { fileName: 'link-1.0.gem' },
  rule: 'gem-link-escapes',
};
