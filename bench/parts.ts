import type { Part } from './part.ts';
import { audit } from './parts/audit.ts';
import { bun } from './parts/bun.ts';
import { confine } from './parts/confine.ts';
import { core } from './parts/core.ts';
import { gateway } from './parts/gateway.ts';
import { gatewayAttacks } from './parts/gateway-attacks.ts';
import { go } from './parts/go.ts';
import { growth } from './parts/growth.ts';
import { npm } from './parts/npm.ts';
import { pip } from './parts/pip.ts';
import { pnpm } from './parts/pnpm.ts';
import { ruby } from './parts/ruby.ts';
import { scan } from './parts/scan.ts';
import { seal } from './parts/seal.ts';
import { startup } from './parts/startup.ts';
import { sweep } from './parts/sweep.ts';
import { worst } from './parts/worst.ts';
import { yarn } from './parts/yarn.ts';
import { yarnClassic } from './parts/yarn-classic.ts';

/** By the name that the command line takes, in the order in which they are reported. */
export const PARTS: Readonly<Record<string, Part>> = {
  core: { title: 'The core', minutes: 3, run: core },
  startup: { title: 'Start-up', minutes: 1, run: startup },
  scan: { title: 'Whole scans', minutes: 2, run: scan },
  audit: { title: 'Audits', minutes: 6, run: audit },
  npm: { title: 'npm', minutes: 5, run: npm },
  'pnpm-10': { title: 'pnpm 10', minutes: 5, run: pnpm('10') },
  'pnpm-11': { title: 'pnpm 11', minutes: 5, run: pnpm('11') },
  'pnpm-12': { title: 'pnpm 12', minutes: 3, run: pnpm('12') },
  pip: { title: 'pip', minutes: 3, run: pip },
  gem: { title: 'RubyGems', minutes: 3, run: ruby('gem') },
  bundle: { title: 'Bundler', minutes: 2, run: ruby('bundle') },
  yarn: { title: 'Yarn', minutes: 8, run: yarn },
  'yarn-classic': { title: 'Yarn classic', minutes: 5, run: yarnClassic },
  bun: { title: 'bun', minutes: 5, run: bun },
  go: { title: 'Go', minutes: 3, run: go },
  gateway: { title: 'The gateway', minutes: 10, run: gateway, byName: true },
  'gateway-attacks': {
    title: 'The gateway under attack',
    minutes: 12,
    run: gatewayAttacks,
    byName: true,
  },
  growth: { title: 'Growth', minutes: 15, run: growth, byName: true },
  sweep: { title: 'A sweep', minutes: 5, run: sweep, byName: true },
  seal: { title: 'The seal of a folder', minutes: 1, run: seal, byName: true },
  confine: { title: 'Confined', minutes: 1, run: confine, byName: true },
  worst: { title: 'The most expensive archives', minutes: 10, run: worst, byName: true },
};
