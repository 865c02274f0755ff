/** What can be fuzzed. Each target is a module of its own here, since the fuzzer loads one at a time. */
import * as gem from './gem.ts';
import * as gomod from './gomod.ts';
import * as gzip from './gzip.ts';
import * as header from './header.ts';
import * as pax from './pax.ts';
import * as planted from './planted.ts';
import * as sdist from './sdist.ts';
import * as seal from './seal.ts';
import * as seeds from './seeds.ts';
import * as tar from './tar.ts';
import * as views from './views.ts';
import * as zip from './zip.ts';

export interface Target {
  /** Gives one input to the readers; throws where a promise is broken. */
  readonly fuzz: (data: Buffer) => void;
  /** The archive that an input stands for. */
  readonly archiveOf?: (data: Buffer) => Buffer;
  /** Inputs to start from. */
  readonly seeds: () => Promise<Buffer[]>;
  readonly maxBytes: number;
  /** Whether other readers can be asked about what is accepted. */
  readonly isTarball?: boolean;
}

const KIB = 1024;

export const targets: Readonly<Record<string, Target>> = {
  tar: { ...tar, seeds: seeds.forTar, maxBytes: 8 * KIB, isTarball: true },
  sdist: { ...sdist, seeds: seeds.forSdist, maxBytes: 8 * KIB },
  zip: { ...zip, seeds: seeds.forZip, maxBytes: 8 * KIB },
  gem: { ...gem, seeds: seeds.forGem, maxBytes: 8 * KIB },
  gomod: { ...gomod, seeds: seeds.forModuleZip, maxBytes: 8 * KIB },
  pax: { ...pax, seeds: seeds.forPax, maxBytes: 8 * KIB, isTarball: true },
  header: { ...header, seeds: seeds.forHeader, maxBytes: 514, isTarball: true },
  gzip: { ...gzip, seeds: seeds.forGzip, maxBytes: 8 * KIB, isTarball: true },
  seal: { ...seal, seeds: seeds.forSeal, maxBytes: KIB },
  views: { ...views, seeds: seeds.forTar, maxBytes: 8 * KIB, isTarball: true },
};

/** Finds a bug that was put in on purpose, to show that bugs are found. */
export const plantedTarget: Target = {
  ...planted,
  seeds: () => Promise.resolve([Buffer.alloc(8)]),
  maxBytes: 64,
};
