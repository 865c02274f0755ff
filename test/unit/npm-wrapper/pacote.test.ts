/** The gate in pacote: the handler gets the very bytes that were inspected, or nothing. */
import { EventEmitter } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TooLargeError } from '../../../packages/guard/src/fetch/too-large.ts';
import { interceptAll } from '../../../packages/guard/src/run/intercept.ts';
import { NpmGuard } from '../../../packages/npm-wrapper/src/npm-guard.ts';
import { pacoteInterceptions } from '../../../packages/npm-wrapper/src/pacote.ts';
import { attack } from '../../support/attacks.ts';
import { freshNpmUser, type NpmUser } from '../../support/npm-guard.ts';
import { tgz } from '../../support/pkg.ts';

type Handler = (stream: unknown) => Promise<unknown>;

const hostile = attack('symlink').build({ name: 'bad' });

let user: NpmUser;
let guard: NpmGuard;
let file: string;
let FetcherBase: ReturnType<typeof pacote>['FetcherBase'];
let RegistryFetcher: ReturnType<typeof pacote>['RegistryFetcher'];

/** pacote's classes, with a byte source that a test fills. */
function pacote() {
  class FetcherBase {
    type = 'RegistryFetcher';
    resolved = 'https://user:secret@registry.example/bad.tgz';
    spec = { name: 'fixture', type: 'version', fetchSpec: '1.0.0' };
    opts: Record<string, unknown> = {};
    chunks: readonly Uint8Array[] = [];
    failure: Error | undefined;
    endless = false;

    tarballStream(handler: Handler): Promise<unknown> {
      const stream = new EventEmitter();
      const result = handler(stream);
      setImmediate(() => {
        for (const chunk of this.chunks) stream.emit('data', chunk);
        if (this.failure) stream.emit('error', this.failure);
        else if (!this.endless) stream.emit('end');
      });
      return result;
    }
  }
  class RegistryFetcher extends FetcherBase {}
  return { FetcherBase, RegistryFetcher };
}

/** Puts a minipass beside the file that pacote is said to be. */
function minipass(code: string): void {
  mkdirSync(join(user.root, 'node_modules/minipass'), { recursive: true });
  writeFileSync(join(user.root, 'node_modules/minipass/index.js'), code);
}

const CLASS = `class {
  pieces = [];
  write(piece) { return this.pieces.push(piece) > 0; }
  end() { return this; }
}`;

/** Gets the guard into a copy of pacote. */
const guardPacote = (exports: unknown, at = file): void =>
  interceptAll(pacoteInterceptions({ exports }, guard, at));

beforeEach(() => {
  user = freshNpmUser();
  file = join(user.root, 'node_modules/pacote/index.js');
  guard = new NpmGuard(process.env, () => undefined);
  ({ FetcherBase, RegistryFetcher } = pacote());
  minipass(`exports.Minipass = ${CLASS};`);
  guardPacote({ RegistryFetcher });
});
afterEach(() => user.dispose());

function fetcherOf(...chunks: readonly Uint8Array[]): InstanceType<typeof RegistryFetcher> {
  const fetcher = new RegistryFetcher();
  fetcher.chunks = chunks;
  return fetcher;
}

const piecesOf: Handler = async (stream) => (stream as { pieces: Uint8Array[] }).pieces;
const bytesOf: Handler = async (stream) => Buffer.concat((await piecesOf(stream)) as Uint8Array[]);

describe('a tarball', () => {
  test('that is accepted is handed on, in the buffers that were inspected', async () => {
    const bytes = tgz();
    const larger = new Uint8Array(bytes.length + 5);
    larger.set(bytes, 5);
    const fetch = async (): Promise<Uint8Array[]> =>
      (await fetcherOf(bytes.subarray(0, 9), larger.subarray(14)).tarballStream(
        piecesOf,
      )) as Uint8Array[];
    // As one where they had to be inspected, as they came where the verdict is known.
    for (const count of [1, 2]) {
      const got = await fetch();
      expect(got).toHaveLength(count);
      expect(Buffer.compare(Buffer.concat(got), bytes)).toBe(0);
      expect(guard.toUnpack(got)).toBeDefined();
      expect(guard.toUnpack(got.map((piece) => Buffer.from(piece)))).toBeUndefined();
      expect(guard.toUnpack([got[0]!, Buffer.from('more')])).toBeUndefined();
      expect(guard.toUnpack(got.slice(1))).toBeUndefined();
    }
  });

  test('that is rejected never reaches the handler', async () => {
    const handler = vi.fn(bytesOf);
    const fetcher = fetcherOf(hostile);
    await expect(fetcher.tarballStream(handler)).rejects.toMatchObject({
      code: 'ETARWARDEN',
      message: expect.stringMatching(/fixture@1\.0\.0[\s\S]*registry\.example\/bad\.tgz/),
    });
    await expect(fetcher.tarballStream(handler)).rejects.not.toThrow(/secret/);
    expect(handler).not.toHaveBeenCalled();
  });

  test('is held to the name that was asked for', async () => {
    const fetcher = fetcherOf(tgz({ name: 'other' }));
    await expect(fetcher.tarballStream(bytesOf)).rejects.toThrow(/manifest-mismatch/);
    guard.identities.note({
      name: 'folder',
      packageName: 'fixture',
      version: '2.0.0',
      resolved: 'https://x/',
      isRegistryDependency: true,
    });
    const extraction = fetcherOf(tgz());
    extraction.type = 'RemoteFetcher';
    extraction.spec.name = 'folder';
    extraction.opts = { resolved: 'https://x/' };
    await expect(extraction.tarballStream(bytesOf)).rejects.toThrow(/manifest-mismatch/);
  });

  test('that fails on the way fails with that error', async () => {
    const fetcher = fetcherOf(tgz());
    fetcher.failure = new Error('EINTEGRITY');
    await expect(fetcher.tarballStream(bytesOf)).rejects.toThrow('EINTEGRITY');
  });

  test.each([
    ['as long as the limit', 0, /archive-limit/],
    [
      'longer than the limit',
      1,
      /fixture@1\.0\.0.*reason: {2}more than \d+ bytes came.*\n {2}to do: /s,
    ],
  ])('that is %s', async (_title, over, message) => {
    user.policy({ limits: { unpackedBytes: hostile.length - over } });
    const handler = vi.fn(bytesOf);
    const fetcher = fetcherOf(hostile.subarray(0, 20), hostile.subarray(20));
    await expect(fetcher.tarballStream(handler)).rejects.toThrow(message);
    expect(handler).not.toHaveBeenCalled();
  });

  test('that is endless is refused as soon as it is longer', async () => {
    user.policy({ limits: { unpackedBytes: 1000 } });
    const fetcher = new RegistryFetcher();
    const chunk = Buffer.alloc(600);
    fetcher.chunks = [chunk, chunk];
    fetcher.endless = true;
    await expect(fetcher.tarballStream(bytesOf)).rejects.toThrow('more than 1000 bytes came');
  });

  test('that the guard stopped reading is refused as too long', async () => {
    const fetcher = fetcherOf(Buffer.alloc(1));
    fetcher.failure = TooLargeError.announced(10 ** 12, 1000);
    const handler = vi.fn(bytesOf);
    await expect(fetcher.tarballStream(handler)).rejects.toThrow(
      /fixture@1\.0\.0.*reason: {2}1000000000000 bytes are announced.*\n {2}to do: /s,
    );
    expect(handler).not.toHaveBeenCalled();
  });

  test('waits for room where the others may be large, not where they are small', async () => {
    user.policy({});
    let asked = 0;
    const fetcher = (...chunks: Uint8Array[]): InstanceType<typeof FetcherBase> => {
      const one = fetcherOf(...chunks);
      Object.defineProperty(one, 'chunks', { get: () => ((asked += 1), chunks) });
      return one;
    };
    let unpacked = (): void => undefined;
    const unpacking = new Promise<void>((resolve) => (unpacked = resolve));
    const small = Array.from({ length: 3 }, () =>
      fetcher(tgz()).tarballStream(async () => unpacking),
    );
    for (let count = 0; count < 20; count += 1)
      void Object.assign(fetcher(), { endless: true }).tarballStream(bytesOf);
    await vi.waitFor(() => expect(asked).toBe(3 + 15));
    // One that fetches by others, for which it waits, must not keep them waiting.
    await Object.assign(fetcher(tgz()), { type: 'GitFetcher' }).tarballStream(bytesOf);
    expect(asked).toBe(3 + 15 + 1);
    unpacked();
    await Promise.all(small);
    await vi.waitFor(() => expect(asked).toBe(3 + 16 + 1));
  });

  test('of the user’s own folder, to be packed, is not looked at', async () => {
    user.policy('no JSON');
    const fetcher = fetcherOf();
    fetcher.type = 'DirFetcher';
    await expect(fetcher.tarballStream(async () => 'packed')).resolves.toBe('packed');
  });

  test('is not even fetched where the policy is wrong', async () => {
    user.policy('no JSON');
    const handler = vi.fn(bytesOf);
    const fetch = vi.spyOn(EventEmitter.prototype, 'emit');
    await expect(fetcherOf(tgz()).tarballStream(handler)).rejects.toThrow(
      /nothing can be inspected, so nothing is installed/,
    );
    expect(fetch).not.toHaveBeenCalledWith('data', expect.anything());
    expect(handler).not.toHaveBeenCalled();
  });
});

describe('the interceptions', () => {
  test('guards the class that all fetchers share, once', () => {
    const { tarballStream } = FetcherBase.prototype;
    guardPacote({ RegistryFetcher });
    expect(FetcherBase.prototype.tarballStream).toBe(tarballStream);
    expect(Object.hasOwn(RegistryFetcher.prototype, 'tarballStream')).toBe(false);
  });

  test('takes a minipass that is the class itself', async () => {
    const other = pacote();
    minipass(`module.exports = ${CLASS};`);
    // Another folder, since Node has loaded the one above.
    const elsewhere = join(user.root, 'elsewhere');
    mkdirSync(join(elsewhere, 'node_modules/minipass'), { recursive: true });
    writeFileSync(join(elsewhere, 'node_modules/minipass/index.js'), `module.exports = ${CLASS};`);
    guardPacote(other, join(elsewhere, 'node_modules/pacote/index.js'));
    const fetcher = new other.RegistryFetcher();
    fetcher.chunks = [tgz()];
    expect(await fetcher.tarballStream(bytesOf)).toEqual(tgz());
  });

  test.each([
    ['nothing', undefined],
    ['no RegistryFetcher', {}],
    ['one without tarballStream', { RegistryFetcher: class {} }],
    [
      'a tarballStream that is no function',
      { RegistryFetcher: { prototype: { tarballStream: true } } },
    ],
  ])('stops an npm whose pacote has %s', (_title, module) => {
    expect(() => guardPacote(module)).toThrow('it has no method tarballStream');
  });

  test.each([
    ['none that can be loaded', 'throw new Error();'],
    ['one that it does not know', 'exports.Minipass = {};'],
  ])('stops an npm whose minipass is %s', (_title, code) => {
    const folder = join(user.root, 'strange');
    mkdirSync(join(folder, 'node_modules/minipass'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/minipass/index.js'), code);
    const other = pacote();
    expect(() => guardPacote(other, join(folder, 'index.js'))).toThrow(
      'its Minipass has no method write',
    );
    expect(other.FetcherBase.prototype.tarballStream.name).toBe('tarballStream');
  });
});
