import { createRequire } from 'node:module';
import { interception, type Interception } from '@tarwarden/guard/run';
import type { LoadedModule } from './npm-copies.ts';
import { promisedLabel, fetcherSource, type FetcherFacts } from './identity.ts';
import type { NpmInspector } from './inspector.ts';
import type { NpmGuard } from './npm-guard.ts';
import { isPackedByPnpm, isUpload } from './publish.ts';
import { Tarball } from './tarball.ts';

/** The part of a Minipass stream that is used here. */
interface Stream {
  on(event: string, listener: (value: never) => void): unknown;
}

interface Minipass extends Stream {
  write(bytes: Uint8Array): boolean;
  end(): this;
}

type MinipassClass = new () => Minipass;

type Handler = (stream: Stream) => Promise<unknown>;

interface FetcherPrototype {
  tarballStream: (this: FetcherFacts, handler: Handler) => Promise<unknown>;
}

type Wrap = (original: FetcherPrototype['tarballStream']) => FetcherPrototype['tarballStream'];

/** FetcherBase's prototype: all fetchers share its `tarballStream`, which pacote documents as public. */
function fetcherBase(pacote: unknown): FetcherPrototype | undefined {
  const { RegistryFetcher } = (pacote ?? {}) as { RegistryFetcher?: { prototype?: object } };
  let prototype: object | null | undefined = RegistryFetcher?.prototype;
  while (prototype && !Object.hasOwn(prototype, 'tarballStream')) {
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return (prototype as FetcherPrototype | null | undefined) ?? undefined;
}

type Share = Awaited<ReturnType<NpmInspector['admit']>>;

/** For longer downloads, the share of memory grows while bytes arrive. */
const LARGE_BYTES = 8 * 1024 * 1024;

/** Fetchers of pacote that make one download. */
const DOWNLOADS: ReadonlySet<unknown> = new Set(['RegistryFetcher', 'RemoteFetcher']);

/** Requests that npm makes at once, unless `maxsockets` says otherwise. */
const SOCKETS = 15;

/** Reads a whole stream, or rejects if it is longer than the limit. Pacote verifies the integrity at its end. */
async function collect(
  stream: Stream,
  limit: Pick<NpmInspector, 'maxBytes' | 'tooLarge'>,
  share?: Share,
): Promise<Tarball> {
  const { maxBytes } = limit;
  // npm keeps the stream, and with it these listeners, until the package is unpacked. So let go of the bytes as soon as possible.
  let tarball: Tarball | undefined = new Tarball();
  let length = 0;
  return new Promise((resolve, reject) => {
    stream.on('error', (error: unknown) => reject(error as Error));
    stream.on('data', (chunk: Uint8Array) => {
      length += chunk.length;
      if (length > LARGE_BYTES) share?.resize(length);
      if (length <= maxBytes) {
        tarball?.add(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
        return;
      }
      // The body limit ends a download here too. A file of the user is read to its end, and its bytes are dropped.
      tarball = undefined;
      reject(limit.tooLarge());
    });
    stream.on('end', () => {
      share?.resize(length);
      if (tarball !== undefined) resolve(tarball);
      tarball = undefined;
    });
  });
}

/**
 * Wraps the method through which npm reads each tarball: from a registry, a URL, a file, git or its cache. The handler, which unpacks,
 * gets the same buffers that were inspected, so that no program can change them in between.
 */
export function pacoteInterceptions(
  { exports }: LoadedModule,
  guard: NpmGuard,
  file: string,
): Interception[] {
  const Minipass = minipassBeside(file);

  const guardStream: Wrap = (tarballStream) =>
    async function (this: FetcherFacts, handler) {
      // npm packs a folder of the user's own. publish.ts inspects that tarball before an upload. If it unpacks that tarball (install-links), unpack.ts inspects it.
      if (this.type === 'DirFetcher') return Reflect.apply(tarballStream, this, [handler]);
      const inspector = await guard.prepare(this);
      const inspectThenUnpack = async (stream: Stream, share?: Share): Promise<unknown> => {
        const promised = guard.identities.expected(this);
        const source = fetcherSource(this);
        const subject = {
          label: promisedLabel(promised[0]),
          source: isUpload(this.opts) && isPackedByPnpm(source) ? undefined : source,
          expected: promised[0],
          isUpload: isUpload(this.opts),
          claims: inspector.claims(guard.identities, this),
        };
        const tarball = await collect(stream, inspector, share).catch((error: unknown) => {
          throw inspector.tooLong(subject, error) ?? error;
        });
        await guard.inspect(tarball, subject, promised);
        const inspected = new Minipass!();
        for (const piece of tarball.pieces) inspected.write(piece);
        return handler(inspected.end());
      };
      // All other fetchers download through these two. If they held a share as well, the two would wait for them.
      if (!DOWNLOADS.has(this.type)) return Reflect.apply(tarballStream, this, [inspectThenUnpack]);
      const { maxSockets = 0 } = this.opts ?? {};
      const share = await inspector.admit(1 + Math.max(SOCKETS, Number(maxSockets) || 0));
      try {
        return await Reflect.apply(tarballStream, this, [
          async (stream: Stream) => inspectThenUnpack(stream, share),
        ]);
      } finally {
        share.release();
      }
    };

  return [
    interception(fetcherBase(exports), 'tarballStream', guardStream),
    // The guard creates a Minipass for the handler, and calls these methods.
    interception(Minipass?.prototype, 'write', undefined, { owner: 'its Minipass' }),
    interception(Minipass?.prototype, 'end', undefined, { owner: 'its Minipass' }),
  ];
}

/** The Minipass that pacote uses. Undefined if this npm has none. */
function minipassBeside(file: string): MinipassClass | undefined {
  try {
    const minipass = createRequire(file)('minipass') as MinipassClass & {
      Minipass?: MinipassClass;
    };
    return minipass.Minipass ?? minipass;
  } catch {
    return undefined;
  }
}
