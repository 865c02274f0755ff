/** The tripwire in node-tar: nothing is unpacked that was not accepted as a whole. */
import { PREFACE } from '../../../packages/core/src/containers/tar/preface.ts';
import { isGzip } from '../../../packages/core/src/containers/gzip/gunzip.ts';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { interceptAll } from '../../../packages/guard/src/run/intercept.ts';
import { NpmGuard } from '../../../packages/npm-wrapper/src/npm-guard.ts';
import { tarInterceptions } from '../../../packages/npm-wrapper/src/unpack.ts';
import { Tarball } from '../../../packages/npm-wrapper/src/tarball.ts';
import { attack } from '../../support/attacks.ts';
import { freshNpmUser, type NpmUser } from '../../support/npm-guard.ts';
import { pkg, tgz } from '../../support/pkg.ts';

/** node-tar's Unpack as the guard finds it, with notes of what reached it. */
class Unpack {
  readonly written: Buffer[] = [];
  readonly calls: unknown[][] = [];
  ended = 0;
  readonly errors: unknown[] = [];
  cwd: unknown = '/where/it/goes';
  #settle: () => void = () => undefined;
  readonly settled = new Promise<void>((resolve) => (this.#settle = resolve));

  write(...args: unknown[]): boolean {
    this.calls.push(args);
    this.written.push(args[0] as Buffer);
    return false;
  }

  end(...args: unknown[]): unknown {
    this.calls.push(args);
    this.ended += 1;
    this.#settle();
    return this;
  }

  drained: (() => void) | undefined;
  once(event: string, listener: () => void): void {
    if (event === 'drain') this.drained = listener;
  }

  emit(event: string, value: unknown): boolean {
    this.errors.push(event === 'error' ? value : event);
    this.#settle();
    return true;
  }

  /** The tar that would be unpacked. */
  get tar(): Buffer {
    const bytes = Buffer.concat(this.written);
    if (isGzip(bytes)) return gunzipSync(bytes);
    const begins = bytes.subarray(0, PREFACE.length).equals(PREFACE);
    return begins ? bytes.subarray(PREFACE.length) : bytes;
  }
}

let user: NpmUser;
let guard: NpmGuard;
let Guarded: new () => Unpack;
let GuardedSync: new () => Unpack;
/** Gets the guard into a copy of tar. */
const guardTar = (exports: object): void => interceptAll(tarInterceptions({ exports }, guard));

/** A copy of tar under guard. */
function arm(): void {
  Guarded = class extends Unpack {
    override write(...args: unknown[]): boolean {
      return super.write(...args);
    }
    override end(...args: unknown[]): unknown {
      return super.end(...args);
    }
  };
  GuardedSync = class extends Guarded {};
  guardTar({ Unpack: Guarded, UnpackSync: GuardedSync });
}

beforeEach(() => {
  user = freshNpmUser();
  guard = new NpmGuard(process.env, () => undefined);
  arm();
});
afterEach(() => user.dispose());

const hostile = attack('symlink').build({ name: 'bad' });

describe('bytes that were inspected before', () => {
  test('are handed on in their pieces where the verdict is known, as fast as tar takes them', async () => {
    const bytes = tgz();
    await guard.inspect(Tarball.of(bytes), {});
    const pieces = [bytes.subarray(0, 20), bytes.subarray(20, 50), bytes.subarray(50)];
    const tarball = new Tarball();
    pieces.forEach((piece) => tarball.add(piece));
    await guard.inspect(tarball, {});
    const [unpack, sync] = [new Guarded(), new GuardedSync()];
    for (const piece of pieces) unpack.write(piece);
    unpack.end();
    for (const count of [1, 2]) {
      expect(unpack.written).toEqual(pieces.slice(0, count));
      expect(unpack.ended).toBe(0);
      unpack.drained!();
    }
    expect([unpack.written, unpack.ended]).toEqual([pieces, 1]);
    for (const piece of pieces) sync.write(piece);
    sync.end();
    expect([sync.written, sync.ended, sync.drained]).toEqual([pieces, 1, undefined]);
  });

  test('are unpacked at once, and are what was inspected', async () => {
    const bytes = tgz();
    await guard.inspect(Tarball.of(bytes), {});
    const unpack = new Guarded();
    expect(unpack.end(bytes)).toBe(unpack);
    expect(unpack.ended).toBe(1);
    expect(unpack.written).toEqual([Buffer.concat([PREFACE, pkg()])]);
    expect(unpack.errors).toEqual([]);
  });

  test('are unpacked by the synchronous form as well', async () => {
    const bytes = tgz();
    await guard.inspect(Tarball.of(bytes), {});
    const unpack = new GuardedSync();
    unpack.write(bytes);
    expect(unpack.written).toEqual([]);
    unpack.end();
    expect(unpack.tar).toEqual(pkg());
  });

  test('are known by their buffer: equal ones are inspected again', async () => {
    const bytes = tgz();
    await guard.inspect(Tarball.of(bytes), {});
    const unpack = new Guarded();
    unpack.end(Buffer.from(bytes));
    expect(unpack.ended).toBe(0);
    await unpack.settled;
    expect(unpack.tar).toEqual(pkg());
  });
});

describe('bytes that nobody inspected', () => {
  test('are held back whole, inspected, and then unpacked', async () => {
    const bytes = tgz();
    const unpack = new Guarded();
    expect(unpack.write(bytes.subarray(0, 10))).toBe(true);
    // A view into something larger: only its own bytes count.
    const apart = new Uint8Array(bytes.length + 7);
    apart.set(bytes, 7);
    expect(unpack.write(apart.subarray(17, 100))).toBe(true);
    expect(unpack.end(bytes.subarray(93))).toBe(unpack);
    expect(unpack.written).toEqual([]);
    await unpack.settled;
    expect(unpack.ended).toBe(1);
    expect(unpack.errors).toEqual([]);
    expect(unpack.tar).toEqual(pkg());
  });

  test('may come as text in any encoding', async () => {
    const bytes = tgz();
    const unpack = new Guarded();
    unpack.write(bytes.toString('latin1', 0, 50), 'latin1');
    unpack.end(bytes.toString('base64', 50), 'base64');
    await unpack.settled;
    expect(unpack.tar).toEqual(pkg());
    const plain = new Guarded();
    plain.end('no archive, in UTF-8: \u00e4', undefined);
    await plain.settled;
    expect(plain.errors).toMatchObject([{ code: 'ETARWARDEN' }]);
    expect(plain.written).toEqual([]);
  });

  test('are refused where they are hostile, and nothing of them is unpacked', async () => {
    const unpack = new Guarded();
    unpack.end(hostile);
    await unpack.settled;
    expect(unpack.written).toEqual([]);
    expect(unpack.ended).toBe(0);
    expect(unpack.errors).toMatchObject([{ code: 'ETARWARDEN', name: 'Refusal' }]);
    const [error] = unpack.errors as Error[];
    expect(error?.message).toContain('symlink');
    expect(error?.message).toContain('unpacked into /where/it/goes');
  });

  test('say nothing of a place that is not known', async () => {
    const unpack = new Guarded();
    unpack.cwd = 7;
    unpack.end(hostile);
    await unpack.settled;
    expect((unpack.errors as Error[])[0]?.message).not.toContain('unpacked into');
  });

  test('are refused by the synchronous form, which cannot wait', () => {
    const unpack = new GuardedSync();
    expect(() => unpack.end(tgz())).toThrow(
      'not inspected, so not installed: a tarball\n  reason:  npm unpacks it in a way that cannot be inspected',
    );
    expect(unpack.written).toEqual([]);
    expect(unpack.ended).toBe(0);
  });

  test.each([
    ['as long as the limit', 0, /^(?!.*it is longer)/s],
    ['longer than the limit', 1, /it is longer than \d+ bytes/],
  ])('are not looked at where they are %s', async (_title, over, message) => {
    user.policy({ limits: { unpackedBytes: hostile.length - over } });
    const unpack = new Guarded();
    unpack.end(hostile);
    await unpack.settled;
    expect(unpack.written).toEqual([]);
    expect((unpack.errors as Error[])[0]?.message).toMatch(message);
  });

  test('are refused where nothing says that they were accepted', async () => {
    vi.spyOn(guard, 'toUnpack').mockReturnValue(undefined);
    const unpack = new Guarded();
    unpack.end(tgz());
    await unpack.settled;
    expect(unpack.written).toEqual([]);
    expect(unpack.errors).toEqual(guard.refusals.all);
    expect((unpack.errors as Error[])[0]?.message).toContain('nothing says that it was accepted');
  });

  test('are nothing at all: an empty archive is inspected, too', async () => {
    const unpack = new Guarded();
    unpack.end();
    await unpack.settled;
    expect(unpack.errors).toMatchObject([{ code: 'ETARWARDEN' }]);
    expect(unpack.written).toEqual([]);
  });
});

describe('the writable stream', () => {
  test('calls back for each write and for its end', async () => {
    const bytes = tgz();
    const unpack = new Guarded();
    const called: string[] = [];
    unpack.write(bytes.subarray(0, 5), () => called.push('first'));
    unpack.write(bytes.subarray(5), 'buffer', () => called.push('second'));
    expect(called).toEqual(['first', 'second']);
    unpack.end(() => called.push('end'));
    expect(called).toEqual(['first', 'second', 'end']);
    await unpack.settled;
    expect(unpack.tar).toEqual(pkg());
    new Guarded().end(bytes, 'buffer', () => called.push('third'));
    new Guarded().end(null, undefined, () => called.push('null'));
    expect(called.slice(3)).toEqual(['third', 'null']);
  });

  test('takes what node-tar itself writes after that, unchanged', async () => {
    const bytes = tgz();
    await guard.inspect(Tarball.of(bytes), {});
    const unpack = new Guarded();
    unpack.end(bytes);
    unpack.calls.length = 0;
    const callback = (): void => undefined;
    expect(unpack.write('x', 'utf8', callback)).toBe(false);
    expect(unpack.end('y', 'latin1', callback)).toBe(unpack);
    expect(unpack.calls).toEqual([
      ['x', 'utf8', callback],
      ['y', 'latin1', callback],
    ]);
  });

  test('keeps two archives apart', async () => {
    const one = new Guarded();
    const two = new Guarded();
    one.write(hostile);
    two.write(tgz());
    one.end();
    two.end();
    await Promise.all([one.settled, two.settled]);
    expect(one.written).toEqual([]);
    expect(two.tar).toEqual(pkg());
  });
});

describe('the interceptions', () => {
  test('guards a copy of tar once', () => {
    const { write, end } = Guarded.prototype;
    guardTar({ Unpack: Guarded });
    expect(Guarded.prototype.write).toBe(write);
    expect(Guarded.prototype.end).toBe(end);
  });

  test('guards each copy, with or without the synchronous form', async () => {
    class Other extends Unpack {
      override write(...args: unknown[]): boolean {
        return super.write(...args);
      }
      override end(...args: unknown[]): unknown {
        return super.end(...args);
      }
    }
    guardTar({ Unpack: Other });
    const unpack = new Other();
    unpack.end(hostile);
    await unpack.settled;
    expect(unpack.written).toEqual([]);
    expect(unpack.errors).toHaveLength(1);
  });
});
