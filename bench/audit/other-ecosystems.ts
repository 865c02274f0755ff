/* Small archives of Python, Ruby and Go, that servers on the loopback address have, and their lockfiles. */
import { createHash } from 'node:crypto';

import { startFileServer } from '../../test/support/file-server.ts';
import { makeGem } from '../../test/support/gem/gems.ts';
import { goSum, moduleZip } from '../../test/support/go/module-zip.ts';
import { startGoProxy } from '../../test/support/go/proxy.ts';
import { startIndex } from '../../test/support/pip/index.ts';
import { wheelOf } from '../../test/support/pip/packages.ts';
import type { Files } from './lockfiles.ts';

/** A lockfile, and a server of all that it names. */
export interface Served {
  readonly name: string;
  readonly files: Files;
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void> | void;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Content of about the size that a source file has. */
const SOURCE = 'a line of a file, as long as lines are in most of them\n'.repeat(200);

export async function requirements(count: number): Promise<Served> {
  const dists = Array.from({ length: count }, (_, at) => wheelOf({ name: `bench${at}` }));
  const index = await startIndex({ dists });
  const lines = dists.map(
    ({ project, bytes }) => `${project}==1.0 \\\n    --hash=sha256:${sha256(bytes)}\n`,
  );
  return {
    name: 'requirements.txt',
    files: { 'requirements.txt': lines.join('') },
    env: { PIP_INDEX_URL: index.url },
    close: () => index.close(),
  };
}

export async function gemfileLock(count: number): Promise<Served> {
  const server = await startFileServer();
  const gems = Array.from({ length: count }, (_, at) =>
    makeGem({ name: `bench${at}`, files: { 'lib/source.rb': SOURCE } }),
  );
  for (const { fileName, bytes } of gems) server.files.set(`/gems/${fileName}`, { body: bytes });
  const specs = gems.map(({ name, version }) => `    ${name} (${version})\n`).join('');
  const sums = gems
    .map(({ name, version, bytes }) => `  ${name} (${version}) sha256=${sha256(bytes)}\n`)
    .join('');
  const remote = `${server.url}/`;
  return {
    name: 'Gemfile.lock',
    files: {
      Gemfile: `source "${remote}"\n`,
      'Gemfile.lock': `GEM\n  remote: ${remote}\n  specs:\n${specs}\nPLATFORMS\n  ruby\n\nCHECKSUMS\n${sums}\nBUNDLED WITH\n   2.6.7\n`,
    },
    env: {},
    close: async () => server.close(),
  };
}

export async function goSums(count: number): Promise<Served> {
  const proxy = await startGoProxy();
  const modules = Array.from({ length: count }, (_, at) => {
    const module = `example.org/bench/m${at}@v1.0.0`;
    return { module, zip: moduleZip({ module }) };
  });
  proxy.publish(...modules);
  return {
    name: 'go.sum',
    files: { 'go.sum': modules.map(({ module, zip }) => goSum(module, zip)).join('') },
    env: { GOPROXY: proxy.url },
    close: async () => proxy.close(),
  };
}
