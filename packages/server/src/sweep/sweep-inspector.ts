/* Inspects the archives of a sweep. */
import { lstat } from 'node:fs/promises';
import type { ExpectedPackage, Policy, Verdict } from '@tarwarden/core';
import { tarballBytesMax } from '@tarwarden/core/limits';
import { fileHasIntegrity, hasIntegrity, sha512Of } from '@tarwarden/guard';
import { GatewayAnswer } from '../gateway/answers.ts';
import { cachedFile } from '../gateway/cache/folder-store.ts';
import { inspectedBy, type GateThreads } from '../gateway/gate-parts.ts';
import { Spool, type Spooled } from '../gateway/spool.ts';
import { verdictRecord, type SweepRecord, type SweptArchive } from './archive.ts';
import { cachedFormats } from './cache-folder.ts';
import type { SweptRegistry } from './registry.ts';

export interface SweepInspectorOptions {
  readonly policy: Policy;
  readonly registry: Pick<SweptRegistry, 'tarball'>;
  /** The folder of the gateway's cache, the only one from which files are read. */
  readonly cache: string | undefined;
  readonly threads: GateThreads;
}

/** A file in the cache is not named after its archive. Without this, its name would be compared with that of the package. */
const NAMELESS = { fileName: undefined } as unknown as ExpectedPackage;

export class SweepInspector {
  readonly #options: SweepInspectorOptions;
  readonly #spool: Spool;

  constructor(options: SweepInspectorOptions) {
    this.#options = options;
    this.#spool = new Spool({ bytesMax: tarballBytesMax(options.policy.limits) });
  }

  close(): void {
    this.#spool.close();
  }

  /** @throws GatewayAnswer, or the error of the thread or the disk. */
  async inspect(archive: SweptArchive): Promise<SweepRecord> {
    const { at } = archive;
    const verdict =
      'cached' in at ? await this.#cached(at.cached) : await this.#fetched(archive, at.address);
    return verdictRecord(archive, verdict);
  }

  async #cached(name: string): Promise<Verdict> {
    const { cache, policy, threads } = this.#options;
    if (cache === undefined) throw new GatewayAnswer(404, 'this worker was given no --cache');
    const path = cachedFile(cache, name);
    const facts = await lstat(path).catch(() => undefined);
    if (facts?.isFile() !== true) throw new GatewayAnswer(404, 'the cache has no such file');
    let first: Verdict | undefined;
    for (const format of await cachedFormats(path)) {
      const verdict = await threads.inspectFile(path, { policy, format, expected: NAMELESS });
      // Only an archive of this format has its manifest.
      if (verdict.manifest !== undefined) return verdict;
      first ??= verdict;
    }
    return first!;
  }

  async #fetched({ expected, integrity }: SweptArchive, address: string): Promise<Verdict> {
    const { policy, registry, threads } = this.#options;
    const spooled = await registry.tarball(address, this.#spool);
    try {
      if (integrity !== undefined && !(await isRight(spooled, integrity)))
        // The download may have been changed on its way, so it is tried again.
        throw new GatewayAnswer(502, 'it differs from its integrity');
      return await inspectedBy(threads, spooled, { policy, expected: expected ?? {} });
    } finally {
      await this.#spool.drop(spooled);
    }
  }
}

async function isRight({ at, sha512 }: Spooled, integrity: string): Promise<boolean> {
  const promised = sha512Of(integrity);
  if (promised !== undefined) return promised === sha512;
  return typeof at === 'string' ? fileHasIntegrity(at, integrity) : hasIntegrity(at, integrity);
}
