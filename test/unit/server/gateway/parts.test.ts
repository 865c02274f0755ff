import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isPrivateAddress } from '../../../../packages/server/src/gateway/addresses.ts';
import { EntityTags } from '../../../../packages/server/src/gateway/entity-tags.ts';
import { notArchive, jsonValue } from '../../../../packages/server/src/gateway/json.ts';
import { Patience } from '../../../../packages/server/src/gateway/patience.ts';
import { isLoopback } from '../../../../packages/server/src/gateway/public-url.ts';
import { tooMany } from '../../../../packages/server/src/gateway/answers.ts';
import { Turns } from '../../../../packages/server/src/serving/turns.ts';
import { bodyOf } from '../../../../packages/server/src/gateway/upstream-answer.ts';
import { printableHeader } from './support.ts';

describe('addresses', () => {
  it.each([
    ['127.0.0.1', true],
    ['10.1.2.3', true],
    ['172.31.0.1', true],
    ['172.32.0.1', false],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['8.8.8.8', false],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['fd00::1', true],
    ['fe80::1%eth0', true],
    ['2002:7f00:1::', true],
    ['2606:4700::1111', false],
    ['not an address', true],
  ])('%s is private: %s', (address, expected) => {
    expect(isPrivateAddress(address)).toBe(expected);
  });

  it.each([
    ['127.0.0.1', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['localhost.example', false],
  ])('%s is the loopback address: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

describe('patience', () => {
  it('is with few at once', () => {
    const ended: number[] = [];
    const patience = new Patience(60_000);
    for (let one = 0; one < 8; one += 1) patience.wait(() => ended.push(one));
    expect(ended).toEqual([6, 7]);
  });
});

describe('entity tags', () => {
  const tags = new EntityTags('https://one.example');

  it.each(['"abc"', 'W/"abc"', '""'])('of the upstream come back as they were: %s', (etag) => {
    expect(tags.upstreams(tags.own(etag))).toBe(etag);
  });

  it('are those of one address', () => {
    expect(tags.upstreams(new EntityTags('https://two.example').own('"abc"'))).toBeUndefined();
  });

  it('are none for lists, strangers, and what is none', () => {
    const own = tags.own('"abc"')!;
    expect(tags.upstreams(`${own}, "x"`)).toBeUndefined();
    expect(tags.upstreams('"abc"')).toBeUndefined();
    expect(tags.upstreams('*')).toBeUndefined();
    expect(tags.upstreams(undefined)).toBeUndefined();
    expect(tags.own('abc')).toBeUndefined();
    expect(tags.own(['"a"'])).toBeUndefined();
  });
});

describe('JSON', () => {
  it('is parsed, or is not JSON', () => {
    expect(jsonValue(Buffer.from('{"a":1}'))).toEqual({ a: 1 });
    expect(jsonValue(Buffer.from('null'))).toBeNull();
    expect(jsonValue(Buffer.from('<html>'))).toBeUndefined();
  });

  it('is not read where it has more values than there is memory for', () => {
    const limit = { valuesMax: 5, status: 413 };
    expect(jsonValue(Buffer.from('[{},[],3]'), limit)).toEqual([{}, [], 3]);
    for (const json of [
      '[[],[],[]]',
      '[{},{},{}]',
      '[1,2,3,4,5,6]',
      '{"a":1,"b":{"c":{"d":{"e":{}}}}}',
    ])
      expect(() => jsonValue(Buffer.from(json), limit)).toThrow('more than 5 values');
    expect(() => jsonValue(Buffer.from(`{"x":[${'{},'.repeat(500_000)}0]}`))).toThrow('1000000');
  });

  it('is moved where a reader of tar would find an entry in it', () => {
    const header = printableHeader();
    expect(header).toHaveLength(512);
    const json = Buffer.from(`{"k":"${'x'.repeat(506)}${header}"}`);
    expect(jsonValue(json)).toBeDefined();
    const moved = notArchive(json);
    expect(moved).not.toEqual(json);
    expect(jsonValue(moved)).toEqual(jsonValue(json));
  });

  it('is refused where it has one wherever it starts', () => {
    const header = printableHeader();
    const many = Array.from({ length: 16 }, () => header + 'y'.repeat(512 - 1)).join('');
    const json = Buffer.from(`"${'x'.repeat(511)}${many}"`);
    expect(() => notArchive(json)).toThrow(/tar archive/);
  });

  it('stays as it is otherwise', () => {
    const json = Buffer.from(JSON.stringify({ digits: '01234567'.repeat(500) }));
    expect(notArchive(json)).toBe(json);
  });
});

describe('an answer of the registry', () => {
  const options = { bytesMax: 1000 };

  it('is unpacked up to a limit', async () => {
    const body = (bytes: Buffer): Readable => Readable.from([bytes]);
    const packed = gzipSync(Buffer.alloc(1000, 'x'));
    await expect(bodyOf(body(packed), { ...options, encoding: 'gzip' })).resolves.toHaveLength(
      1000,
    );
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    await expect(bodyOf(body(bomb), { ...options, encoding: 'gzip' })).rejects.toThrow(
      'more than 1000',
    );
    await expect(bodyOf(body(packed), { ...options, encoding: 'br' })).rejects.toThrow('encoding');
    await expect(
      bodyOf(body(packed.subarray(0, 20)), { ...options, encoding: 'gzip' }),
    ).rejects.toThrow('broke off');
  });
});

describe('turns', () => {
  it('are given in the order of asking, as many as there are', async () => {
    const turns = new Turns({ places: 1, waitingMax: 1, tooMany });
    const order: string[] = [];
    let end = (): void => undefined;
    const first = turns.run(() => new Promise<void>((resolve) => (end = resolve)));
    const second = turns.run(async () => void order.push('second'));
    await expect(turns.run(async () => void order.push('none'))).rejects.toMatchObject({
      status: 503,
    });
    expect(order).toEqual([]);
    end();
    await first;
    const third = turns.run(async () => void order.push('third'));
    await Promise.all([second, third]);
    expect(order).toEqual(['second', 'third']);
  });

  it('are not waited for by who is gone, nor kept from others', async () => {
    const turns = new Turns({ places: 1, waitingMax: 1, tooMany });
    let end = (): void => undefined;
    const first = turns.run(() => new Promise<void>((resolve) => (end = resolve)));
    const gone = new AbortController();
    const left = turns.run(async () => 'work of nobody', { gone: gone.signal });
    gone.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    const next = turns.run(async () => 'next');
    end();
    await first;
    await expect(next).resolves.toBe('next');
    await expect(turns.run(async () => 'work of nobody', { gone: gone.signal })).rejects.toThrow(
      'gone',
    );
    await expect(turns.run(async () => 'free')).resolves.toBe('free');
  });

  it('go on after a failure', async () => {
    const turns = new Turns({ places: 1, waitingMax: 1, tooMany });
    await expect(turns.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(turns.run(async () => 'yes')).resolves.toBe('yes');
  });
});
