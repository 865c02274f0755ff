import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished, pipeline } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { gitTarGate, tarballGate } from '../../../packages/yarn-classic-wrapper/src/gate.ts';

const tooLarge = (): never => {
  throw new Error('too large');
};

function pieces(...texts: string[]): Readable {
  return Readable.from(
    texts.map((text) => Buffer.from(text)),
    { objectMode: false },
  );
}

describe('tarballGate', () => {
  test('opens once all bytes are there, and gives what came of them', async () => {
    const seen: string[] = [];
    const gate = tarballGate({
      bytesMax: 100,
      tooLarge,
      open: async (bytes) => {
        seen.push(bytes.toString());
        return pieces('x'.repeat(40_000), 'y'.repeat(40_000));
      },
    });
    pieces('a', 'b', 'c').pipe(gate);
    expect(String(await buffer(gate))).toBe('x'.repeat(40_000) + 'y'.repeat(40_000));
    expect(seen).toEqual(['abc']);
  });

  test('fails with what opening or the source throws', async () => {
    const open = tarballGate({
      bytesMax: 9,
      tooLarge,
      open: () => Promise.reject(new Error('no')),
    });
    pieces('a').pipe(open);
    await expect(buffer(open)).rejects.toThrow('no');
    const source = new Readable({
      read() {
        this.destroy(new Error('broken'));
      },
    });
    const gate = tarballGate({ bytesMax: 9, tooLarge, open: async () => source });
    pieces('a').pipe(gate);
    await expect(buffer(gate)).rejects.toThrow('broken');
  });

  test('reads a stream of an old library, and fails with it', async () => {
    // As streams were before they could be iterated.
    const old = (emit: (stream: EventEmitter) => void): NodeJS.ReadableStream => {
      const stream = Object.assign(new EventEmitter(), {
        pause: () => undefined,
        resume: () => undefined,
      });
      setTimeout(() => emit(stream), 5);
      return stream as unknown as NodeJS.ReadableStream;
    };
    const gateOf = (emit: (stream: EventEmitter) => void): Readable => {
      const gate = tarballGate({ bytesMax: 9, tooLarge, open: async () => old(emit) });
      pieces('a').pipe(gate);
      return gate;
    };
    const whole = gateOf((stream) => {
      stream.emit('data', Buffer.from('tar'));
      stream.emit('end');
    });
    expect(String(await buffer(whole))).toBe('tar');
    const broken = gateOf((stream) => stream.emit('error', new Error('broken')));
    await expect(buffer(broken)).rejects.toThrow('broken');
  });

  test('takes no more than it may', async () => {
    const gate = tarballGate({ bytesMax: 2, tooLarge, open: async () => pieces() });
    pieces('ab', 'c').pipe(gate);
    await expect(buffer(gate)).rejects.toThrow('too large');
  });
});

describe('gitTarGate', () => {
  test('ends when its target does, which gets all bytes at once', async () => {
    const got: string[] = [];
    const target = new Writable({
      write(chunk: Buffer, _encoding, callback) {
        got.push(chunk.toString());
        setTimeout(callback, 5);
      },
      final(callback) {
        got.push('end');
        callback();
      },
    });
    const gate = gitTarGate({ bytesMax: 9, tooLarge, open: async () => target });
    await pipeline(pieces('a', 'b'), gate);
    expect(got).toEqual(['ab', 'end']);
  });

  test('fails with its target', async () => {
    const target = new Writable({
      write: (_chunk, _encoding, callback) => callback(new Error('full')),
    });
    const gate = gitTarGate({ bytesMax: 9, tooLarge, open: async () => target });
    gate.end(Buffer.from('a'));
    await expect(finished(gate)).rejects.toThrow('full');
  });
});
