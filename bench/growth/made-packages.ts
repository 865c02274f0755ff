/* Packages that are made for the benchmark, as many as it asks for, and a registry on the loopback address that has them in memory. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tgz } from '../../test/support/pkg.ts';
import type { Mirror } from '../mirror.ts';

/** Files of each package beside package.json. With these, a package has about 20 kB packed. */
const FILES = 8;
const FILE_BYTES = 3000;

const VERSION = '1.0.0';
const PROJECT = { name: 'made-project', version: '1.0.0', private: true } as const;

export interface MadePackages extends Mirror {
  /** The package.json of a project that has the first packages. */
  project(count: number): object;
  /** The package-lock.json of this project. npm 12 needs more than 4 GB of memory to make one of 5,000 packages. */
  npmLockfile(count: number): object;
}

/** @param most The number of packages. */
export async function startMadePackages(most: number): Promise<MadePackages> {
  const answers = new Map<string, Buffer>();
  const asked = new Set<string>();
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const body = answers.get(path);
    if (path.endsWith('.tgz')) asked.add(path);
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': path.endsWith('.tgz') ? 'application/octet-stream' : 'application/json',
      'content-length': body?.length ?? 0,
    });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const locked = new Map<string, object>();
  const names = Array.from(
    { length: most },
    (_, index) => `made-${String(index).padStart(5, '0')}`,
  );
  for (const name of names) {
    const bytes = tgz({ name, version: VERSION, files: filesOf(name) });
    const path = `/${name}/-/${name}-${VERSION}.tgz`;
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    answers.set(path, bytes);
    answers.set(`/${name}`, documentOf(name, { tarball: url + path, integrity }));
    locked.set(name, { version: VERSION, resolved: url + path, integrity });
  }
  const project = (count: number): object => ({
    ...PROJECT,
    dependencies: Object.fromEntries(names.slice(0, count).map((name) => [name, VERSION])),
  });
  return {
    url,
    takeTarballs() {
      const { size } = asked;
      asked.clear();
      return size;
    },
    tarballs: async () =>
      [...answers].flatMap(([path, body]) => (path.endsWith('.tgz') ? [body] : [])),
    close() {
      server.close();
      server.closeAllConnections();
    },
    project,
    npmLockfile(count) {
      const { name, version } = PROJECT;
      const packages = names
        .slice(0, count)
        .map((made) => [`node_modules/${made}`, locked.get(made)] as const);
      const all = Object.fromEntries([['', project(count)], ...packages]);
      return { name, version, lockfileVersion: 3, requires: true, packages: all };
    },
  };
}

/** Text that compresses by a quarter, and differs from package to package. */
function filesOf(name: string): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: FILES }, (_, index) => [
      `lib/file-${index}.js`,
      textFor(`${name} ${index}`),
    ]),
  );
}

function textFor(seed: string): string {
  let text = '';
  for (let block = 0; text.length < FILE_BYTES; block += 1)
    text += `// ${createHash('sha512').update(`${seed} ${block}`).digest('base64')}\n`;
  return text;
}

function documentOf(
  name: string,
  dist: { readonly tarball: string; readonly integrity: string },
): Buffer {
  return Buffer.from(
    JSON.stringify({
      name,
      'dist-tags': { latest: VERSION },
      versions: { [VERSION]: { name, version: VERSION, dist } },
      time: { created: MADE_AT, modified: MADE_AT, [VERSION]: MADE_AT },
      modified: MADE_AT,
    }),
  );
}

const MADE_AT = '2020-01-01T00:00:00.000Z';
