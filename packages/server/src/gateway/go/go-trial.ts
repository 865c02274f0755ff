import { storedZip } from '@tarwarden/guarded-run/trial-archives';
import type { Trial } from '../ready.ts';

const FOLDER = 'example.org/link@v1.0.0';

/** A module with a link that leads out of it. Aimed at nothing: it is never unpacked. */
export const GO_TRIAL: Trial = {
  bytes: storedZip([
    { path: `${FOLDER}/go.mod`, body: 'module example.org/link\n' },
    { path: `${FOLDER}/link`, body: '../../outside', isLink: true },
  ]),
  format: 'gomod',
  expected: { name: 'example.org/link', version: 'v1.0.0' },
  rule: 'symlink',
};
