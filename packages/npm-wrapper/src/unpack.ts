import { interception, type Interception } from '@tarwarden/guard/run';
import type { LoadedModule } from './npm-copies.ts';
import type { NpmGuard } from './npm-guard.ts';
import { Tarball } from './tarball.ts';

/** The part of node-tar's Unpack, a writable stream, that is used here. */
interface Unpack {
  write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean;
  end(chunk?: unknown, encoding?: unknown, callback?: unknown): unknown;
  emit(event: string, value: unknown): unknown;
  once(event: string, listener: () => void): unknown;
  readonly cwd?: unknown;
}

interface Tar {
  readonly Unpack?: { readonly prototype?: Unpack };
  readonly UnpackSync?: abstract new () => object;
}

type Wrap<Key extends 'write' | 'end'> = (original: Unpack[Key]) => Unpack[Key];

type Callback = () => void;

/** The callback among a writable's optional arguments. */
function callbackOf(...values: unknown[]): Callback | undefined {
  return values.find((value) => typeof value === 'function') as Callback | undefined;
}

function toBuffer(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk === 'string') {
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  }
  const view = chunk as Uint8Array;
  return Buffer.isBuffer(view) ? view : Buffer.from(view.buffer, view.byteOffset, view.length);
}

/**
 * Makes npm's tar unpack only accepted tarballs. A tarball from pacote was inspected before, and is recognised by its buffers. Any
 * other tarball is inspected here.
 */
export function tarInterceptions({ exports }: LoadedModule, guard: NpmGuard): Interception[] {
  const { Unpack, UnpackSync } = (exports ?? {}) as Tar;
  const waiting = new WeakMap<Unpack, Buffer[]>();
  /** Unpackers that have an accepted tarball. Everything written to them from then on goes to tar. */
  const acceptedUnpacks = new WeakSet<Unpack>();
  const isSync = (unpack: Unpack): boolean =>
    UnpackSync !== undefined && unpack instanceof UnpackSync;

  const pass = (unpack: Unpack, pieces: readonly Uint8Array[]): void => {
    acceptedUnpacks.add(unpack);
    const remaining = [...pieces];
    const writeMore = (): void => {
      for (let piece = remaining.shift(); piece !== undefined; piece = remaining.shift())
        // Like any writable, node-tar can ask to wait for its files. UnpackSync never does.
        if (!unpack.write(piece) && remaining.length > 0 && !isSync(unpack))
          return void unpack.once('drain', writeMore);
      unpack.end();
    };
    writeMore();
  };

  const guardWrite: Wrap<'write'> = (write) =>
    function (this: Unpack, chunk, encoding, callback) {
      if (acceptedUnpacks.has(this)) return Reflect.apply(write, this, [chunk, encoding, callback]);
      const chunks = waiting.get(this) ?? [];
      chunks.push(toBuffer(chunk, encoding));
      waiting.set(this, chunks);
      callbackOf(encoding, callback)?.();
      return true;
    };

  const guardEnd: Wrap<'end'> = (end) =>
    function (this: Unpack, chunk, encoding, callback) {
      if (acceptedUnpacks.has(this)) return Reflect.apply(end, this, [chunk, encoding, callback]);
      if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') {
        this.write(chunk, encoding);
      }
      const pieces = waiting.get(this) ?? [];
      waiting.delete(this);
      callbackOf(chunk, encoding, callback)?.();
      const accepted = guard.toUnpack(pieces);
      if (accepted !== undefined) {
        pass(this, accepted);
        return this;
      }
      if (isSync(this)) {
        throw guard.uninspectedNow('npm unpacks it in a way that cannot be inspected');
      }
      inspectLate(this, pieces, guard).then(
        (late) => pass(this, late),
        (error: unknown) => this.emit('error', error),
      );
      return this;
    };

  return [
    interception(Unpack?.prototype, 'write', guardWrite),
    interception(Unpack?.prototype, 'end', guardEnd),
  ];
}

/** Inspects a tarball without a known name: only its destination folder is known. */
async function inspectLate(
  unpack: Unpack,
  pieces: readonly Buffer[],
  guard: NpmGuard,
): Promise<readonly Uint8Array[]> {
  const { maxBytes } = await guard.prepare();
  const destination = typeof unpack.cwd === 'string' ? `unpacked into ${unpack.cwd}` : undefined;
  const subject = { source: destination };
  const tarball = new Tarball();
  for (const piece of pieces) tarball.add(piece);
  if (tarball.length > maxBytes) {
    throw await guard.uninspected(subject, `it is longer than ${maxBytes} bytes`);
  }
  await guard.inspect(tarball, subject);
  const accepted = guard.toUnpack(tarball.pieces);
  if (accepted === undefined) {
    throw await guard.uninspected(subject, 'nothing says that it was accepted');
  }
  return accepted;
}
