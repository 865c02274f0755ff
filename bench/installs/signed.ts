/* A store that has the signed verdicts of everything that a mirror has served, for installs that inspect nothing; others that are of no use. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { dayOf } from '@tarwarden/core/policy';
import { PolicyFingerprints } from '@tarwarden/host';
import { openStorage } from '../../packages/server/src/verdict-server/storage.ts';
import { verdictServer } from '../../packages/server/src/verdict-server/server.ts';
import {
  addressOf,
  keyPair,
  readPinnedKeys,
  readSigningKey,
  signVerdict,
} from '@tarwarden/host/signed-verdicts';
import type { Mirror } from '../mirror.ts';
import { badStores, type BadStore } from './bad-stores.ts';
import { farFrom } from './far.ts';

/** Which store a user names. `far` is `signed` at the end of a long line. */
export type StoreKind = 'signed' | 'far' | BadStore;

/** Milliseconds each way to the far store. */
export const FAR = 40;

export interface Stores {
  /** Has a user ask a store, or none. `config`: that user's XDG_CONFIG_HOME. */
  believe(config: string, store: StoreKind | undefined): void;
  close(): void;
}

/**
 * Signs for the mirror's tarballs, each as the name and version that its package.json has, and for the archives that Yarn has in a folder
 * where there is one: what `tarwarden verdicts push` signs.
 */
export async function startStores(mirror: Mirror, yarnCache?: string): Promise<Stores> {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-bench-verdicts-'));
  const storage = await openStorage(folder, {});
  const { pem, publicText } = keyPair();
  const keys = readPinnedKeys([{ key: publicText }], 'verdicts');
  const signing = readSigningKey(pem);
  const policies = new PolicyFingerprints(DEFAULT_POLICY);
  const archives = (await mirror.tarballs()).map((bytes) => ({ bytes, format: 'npm' as const }));
  const zips = (yarnCache === undefined ? [] : readdirSync(yarnCache))
    .filter((name) => name.endsWith('.zip'))
    .map((name) => ({ bytes: readFileSync(join(yarnCache!, name)), format: 'yarn-zip' as const }));
  for (const { bytes, format } of [...archives, ...zips]) {
    const { name, version } = inspect(bytes, { format }).manifest ?? {};
    if (name === undefined || version === undefined) continue;
    const expected = { name, version };
    const verdict = inspect(bytes, { format, expected });
    const { sha512 } = verdict.archive;
    const asked = policies.asked({ sha512, format, expected });
    const envelope = signVerdict(asked, verdict, signing);
    await storage.put(addressOf(asked), envelope, verdict.status);
  }
  const today = (): string => dayOf(Date.now());
  const onError = (error: unknown): void => console.error(error);
  const server = verdictServer({ storage, keys, today, onError });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bad = await badStores();
  const signed = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const far = await farFrom(signed, FAR);
  return {
    believe(config, store) {
      const file = join(config, 'tarwarden/policy.json');
      if (store === undefined) return rmSync(file, { force: true });
      const url = { signed, far: far.url, ...bad.urls }[store];
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ verdicts: { url, keys: [{ key: publicText }] } }));
    },
    close() {
      bad.close();
      far.close();
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
