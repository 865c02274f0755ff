/** A gem server on the loopback address (compact index, Marshal index, gems), which serves what a test offers and asks nobody else. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { posix } from 'node:path';
import type { Offered } from './gems.ts';

export interface GemServerOptions {
  readonly gems: readonly Offered[];
  /** Without `/versions` and `/info`, as old servers are. */
  readonly onlyMarshal?: boolean;
  /** Gems are elsewhere on this server. */
  readonly redirected?: boolean;
  readonly auth?: { readonly user: string; readonly password: string };
  /** Other answers, by path. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

export interface GemServer {
  /** With a slash at the end; with user and password, where it asks for them. */
  readonly url: string;
  /** Method and path of each request. */
  readonly log: string[];
  /** Of the gems that were sent. */
  downloads(): string[];
  close(): void;
}

/** What RubyGems reads by Marshal, by path, in base64: written by Ruby, since nothing else does. */
const WRITE_MARSHAL = `
require 'json'; require 'zlib'; require 'stringio'; require 'rubygems/specification'
gems = JSON.parse($stdin.read)
gz = ->(value) { Zlib.gzip(Marshal.dump(value)) }
tuples = gems.map { |g| [g['name'], Gem::Version.new(g['version']), g['platform']] }
files = { '/specs.4.8.gz' => gz[tuples], '/latest_specs.4.8.gz' => gz[tuples], '/prerelease_specs.4.8.gz' => gz[[]] }
gems.each do |g|
  spec = Gem::Specification.new(g['name'], g['version']) { |s| s.platform = g['platform']; s.summary = 'x'; s.authors = ['x'] }
  g['dependencies'].each { |name, wanted| spec.add_dependency(name, wanted) }
  files["/quick/Marshal.4.8/#{g['fileName'].delete_suffix('.gem')}.gemspec.rz"] = Zlib::Deflate.deflate(Marshal.dump(spec))
end
print JSON.generate(files.transform_values { |bytes| [bytes].pack('m0') })
`;

function marshalFiles(gems: readonly Offered[]): Map<string, Buffer> {
  const input = JSON.stringify(gems.map((gem) => ({ ...gem, bytes: undefined })));
  const env = { PATH: process.env['PATH'] };
  const said = execFileSync('ruby', ['-e', WRITE_MARSHAL], { input, encoding: 'utf8', env });
  const files = Object.entries(JSON.parse(said) as Record<string, string>);
  return new Map(files.map(([path, text]) => [path, Buffer.from(text, 'base64')]));
}

const hex = (algorithm: string, bytes: Uint8Array | string): string =>
  createHash(algorithm).update(bytes).digest('hex');

function compactFiles(gems: readonly Offered[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const versions: string[] = [];
  for (const name of new Set(gems.map((one) => one.name))) {
    const all = gems.filter((one) => one.name === name);
    const lines = all.map(({ version, platform, dependencies, bytes }) => {
      const full = platform === 'ruby' ? version : `${version}-${platform}`;
      const needed = Object.entries(dependencies).map(([other, wanted]) => `${other}:${wanted}`);
      return `${full} ${needed.join(',')}|checksum:${hex('sha256', bytes)}\n`;
    });
    const info = `---\n${lines.join('')}`;
    files.set(`/info/${name}`, Buffer.from(info));
    const numbers = lines.map((line) => line.slice(0, line.indexOf(' ')));
    versions.push(`${name} ${numbers.join(',')} ${hex('md5', info)}\n`);
  }
  const head = 'created_at: 2020-01-01T00:00:00Z\n---\n';
  return files.set('/versions', Buffer.from(head + versions.join('')));
}

export async function startGemServer(options: GemServerOptions): Promise<GemServer> {
  const { gems, onlyMarshal = false, redirected = false, auth, files: others = {} } = options;
  const log: string[] = [];
  const offered: readonly (readonly [string, Uint8Array])[] = [
    ...marshalFiles(gems),
    ...(onlyMarshal ? [] : compactFiles(gems)),
    ...gems.map((one) => [`/${redirected ? 'moved' : 'gems'}/${one.fileName}`, one.bytes] as const),
    ...Object.entries(others),
  ];
  // A name with `..` in it is an address without it: clients resolve it before they ask.
  const files = new Map(offered.map(([path, bytes]) => [posix.normalize(path), bytes]));

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent((request.url ?? '/').replace(/\?.*$/s, ''));
    log.push(`${request.method} ${path}`);
    const wanted =
      auth && `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`;
    if (wanted !== undefined && request.headers.authorization !== wanted) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="gems"' }).end();
      return;
    }
    if (redirected && path.startsWith('/gems/')) {
      response
        .writeHead(302, {
          location: `http://${request.headers.host}${path.replace('/gems/', '/moved/')}`,
        })
        .end();
      return;
    }
    const bytes = files.get(path);
    const length = { 'content-length': bytes?.length ?? 0 };
    const etag = bytes === undefined ? {} : { etag: `"${hex('md5', bytes)}"` };
    response.writeHead(bytes === undefined ? 404 : 200, { ...length, ...etag });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  const server = createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const user = auth === undefined ? '' : `${auth.user}:${auth.password}@`;
  return {
    url: `http://${user}127.0.0.1:${port}/`,
    log,
    downloads: () => log.filter((line) => line.endsWith('.gem') && line.startsWith('GET')),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
