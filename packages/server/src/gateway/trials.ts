/* Archives with a link. A gateway has to refuse them. Nothing unpacks them, so they do no harm. */
import { gzipSync } from 'node:zlib';
import {
  trialGem,
  trialModule,
  trialPackage,
  trialWheel,
  modulePath,
  MODULE_VERSION,
  tar,
} from '@tarwarden/guard/trial-archives';

/** A hostile archive, and the rule that must reject it. */
export interface GatewayTrial {
  readonly bytes: Buffer;
  readonly format: 'npm' | 'wheel' | 'sdist' | 'gem' | 'gomod';
  readonly expected: {
    readonly name?: string;
    readonly version?: string;
    readonly fileName?: string;
  };
  readonly rule: 'symlink' | 'hardlink';
}

export const NPM_TRIAL: GatewayTrial = {
  bytes: trialPackage('link', 'canary').bytes,
  format: 'npm',
  expected: { name: 'link', version: '1.0.0' },
  rule: 'symlink',
};

const wheel = trialWheel('link', 'canary');

export const PYPI_TRIALS: readonly GatewayTrial[] = [
  {
    bytes: wheel.bytes,
    format: 'wheel',
    expected: { name: 'link', version: '1.0.0', fileName: wheel.fileName },
    rule: 'symlink',
  },
  {
    bytes: gzipSync(tar([{ path: 'link-1.0/link', link: '../../outside' }])),
    format: 'sdist',
    expected: { name: 'link', version: '1.0', fileName: 'link-1.0.tar.gz' },
    rule: 'symlink',
  },
];

const gem = trialGem('link', 'canary');

export const GEM_TRIAL: GatewayTrial = {
  bytes: gem.bytes,
  format: 'gem',
  expected: { fileName: gem.fileName },
  rule: 'hardlink',
};

export const GO_TRIAL: GatewayTrial = {
  bytes: trialModule('link', 'canary').bytes,
  format: 'gomod',
  expected: { name: modulePath('link'), version: MODULE_VERSION },
  rule: 'symlink',
};
